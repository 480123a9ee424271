/** AWS's JSON protocol has times in seconds since the epoch, with up to three decimals. */
export const toSeconds = (milliseconds: number): number => milliseconds / 1000;

export const toOptionalSeconds = (milliseconds: number | undefined): number | undefined =>
  milliseconds === undefined ? undefined : milliseconds / 1000;
