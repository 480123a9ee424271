import { mergeConfig } from 'vitest/config';
import config from './vitest.config.ts';

/** On graphql 17 Node gives its ES modules to libraries, and Vite its CommonJS ones to our files without this condition. */
export default mergeConfig(config, { ssr: { resolve: { conditions: ['module-sync', 'node', 'development'] } } });
