import { type LoadOptions, load } from './load.ts';

// The load's process. It receives its work as a message and reports the result.
process.on('disconnect', () => process.exit());
process.on('message', (options: LoadOptions) => {
  load(options).then(
    (report) => process.send?.({ report }),
    (error: unknown) => process.send?.({ fault: String(error) }),
  );
});
process.send?.({ ready: true });
