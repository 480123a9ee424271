import { z } from 'zod';
import { isLoopback, isOrigin } from './addresses.ts';

/** Types of values that several settings share. Messages and docs/configuration.md show `expected`. */

export const positiveCount = z.number().int().positive();
export const milliseconds = z.number().int().nonnegative();
export const positiveMilliseconds = z.number().int().positive();
export const port = z.number().int().min(0).max(65_535);
export const text = z.string().min(1);

export const MIB = 1_048_576;
export const bytes = (usual: number, description: string) =>
  positiveCount.default(usual).meta({ unit: 'bytes', description });

/** An attacker on the network could read, and replace, what is sent over http. */
const isSecure = (url: string): boolean =>
  !URL.canParse(url) || new URL(url).protocol === 'https:' || isLoopback(new URL(url).hostname);

export const secureUrl = z
  .url({ protocol: /^https?$/ })
  .refine(isSecure)
  .meta({ expected: 'an https URL (http is for loopback only)' });

export const httpUrl = z.url({ protocol: /^https?$/ }).meta({ expected: 'an http or https URL' });

export const origin = z
  .string()
  .refine(isOrigin)
  .meta({
    expected: 'an origin such as https://app.example.com, without a path',
    examples: ['https://app.example.com'],
  });

export const secureOrigin = z
  .string()
  .refine((text) => isOrigin(text) && isSecure(text))
  .meta({
    expected: 'an https origin without a path (http is for loopback only)',
    examples: ['https://tokens.example.com'],
  });

/** A Host header: letters, digits, dots and hyphens, or an IP address, with or without a port. */
export const hostHeader = z
  .string()
  .regex(/^(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i)
  .meta({ expected: 'a host name, with or without a port', examples: ['orgql.example.com'] });

export const network = z
  .union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])
  .meta({ expected: 'an IP address or a network', examples: ['10.0.0.0/8'] });
