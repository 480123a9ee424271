import type { Authorization } from './authorization.ts';
import type { HttpRequest } from './organizations-endpoint.ts';

/** Reads who signed a request and, where that is asked for, verifies it. */
export type SignatureCheck = (request: HttpRequest, service: string) => Authorization;
