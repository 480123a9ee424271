import { createHandler, loadConfig } from 'orgql';

// The settings are a promise.
await createHandler(loadConfig());
