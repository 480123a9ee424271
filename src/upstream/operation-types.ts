import type * as sdk from '@aws-sdk/client-organizations';

/** `$Command` is the SDK's base class. */
type CommandName = Exclude<Extract<keyof typeof sdk, `${string}Command`>, '$Command'>;

/** The name of an operation of AWS Organizations, as the SDK has it: `DescribeAccount`. */
export type OperationName = CommandName extends `${infer Name}Command` ? Name : never;

/** The name of an exception that AWS Organizations declares: `AccountNotFoundException`. */
export type ExceptionName = Exclude<Extract<keyof typeof sdk, `${string}Exception`>, 'OrganizationsServiceException'>;

type Command<O extends OperationName> = InstanceType<(typeof sdk)[`${O}Command`]>;

/** The request of an operation, in AWS's spelling. */
export type Input<O extends OperationName> = Command<O>['input'];

/** The reply to an operation, in AWS's spelling, without the SDK's own metadata. */
export type Output<O extends OperationName> = Omit<
  Awaited<ReturnType<ReturnType<Command<O>['resolveMiddleware']>>>['output'],
  '$metadata'
>;

/** Operations that change nothing: AWS names all of them Describe… or List…. */
export type ReadName = Extract<OperationName, `Describe${string}` | `List${string}`>;

/** Operations that change something. */
export type WriteName = Exclude<OperationName, ReadName>;

/** Reads that answer in pages, each with the token of the next. */
export type ListName = {
  [O in Extract<ReadName, `List${string}`>]: Input<O> extends { NextToken?: string | undefined } ? O : never;
}[Extract<ReadName, `List${string}`>];

/** The member of a list's reply that holds the page's items: `Accounts` of `ListAccounts`. */
export type ItemsMember<O extends ListName> = {
  [M in keyof Output<O>]-?: NonNullable<Output<O>[M]> extends readonly unknown[] ? M : never;
}[keyof Output<O>] &
  string;

/** One item of a list: `Account` of `ListAccounts`. */
export type Item<O extends ListName> = NonNullable<Output<O>[ItemsMember<O>]> extends readonly (infer T)[] ? T : never;
