import { type LoadOptions, load } from './load.ts';

// The load's own process: gets what to do as a message, and says how it went.
process.on('disconnect', () => process.exit());
process.on('message', (options: LoadOptions) => {
  load(options).then(
    (report) => process.send?.({ report }),
    (error: unknown) => process.send?.({ fault: String(error) }),
  );
});
process.send?.({ ready: true });
