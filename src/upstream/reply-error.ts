/** A reply that AWS Organizations does not give: it lacks something, or has something of the wrong type. */
export class ReplyError extends Error {
  /** The member in question, such as `Handshakes[0].Id`; empty for the reply as a whole. */
  readonly member: string;
  /** What is wrong with it, as the end of a sentence that begins with its name. */
  readonly problem: string;

  constructor(member: string, problem: string) {
    super(`${member === '' ? 'the reply' : member} ${problem}`);
    this.name = 'ReplyError';
    this.member = member;
    this.problem = problem;
  }
}
