export { quoted, shortened } from '../schema/quoted.ts';
