import { createServer } from 'node:http';

/**
 * @param {import('node:http').RequestListener} handler
 * @returns {Promise<number>} the port
 */
export function listenOnFreePort(handler) {
  const http = createServer(handler);
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(0, '127.0.0.1', () => resolve(http.address().port));
  });
}
