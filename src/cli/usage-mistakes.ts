import { type Command, InvalidArgumentError, type Option } from 'commander';
import type { Mistake } from '../config/config-error.ts';
import { suggest } from '../config/suggest.ts';

/**
 * Makes a program parse its whole command line and collect every mistake, as Commander ends at the first one.
 * Returns the list, which is complete when an action is called.
 */
export function collectMistakes(program: Command, args: readonly string[]): Mistake[] {
  const mistakes: Mistake[] = [];
  const add = (source: string, text: string) => mistakes.push({ source, text: `${text}; see orgql --help` });
  for (const command of commandsBelow(program)) {
    command.allowUnknownOption().allowExcessArguments();
    for (const option of command.options) checkValue(option, args, add);
  }
  program.hook('preAction', (_, command) => {
    for (const option of command.options) {
      // Commander sets an invalid value to ''.
      if (option.parseArg && command.opts()[option.attributeName()] === '')
        command.setOptionValue(option.attributeName(), undefined);
    }
    checkArguments(command, add);
  });
  return mistakes;
}

/** All commands that a user can run, without their groups. */
function commandsBelow(command: Command): readonly Command[] {
  return command.commands.flatMap((each) => (each.commands.length > 0 ? commandsBelow(each) : [each]));
}

type Add = (source: string, text: string) => void;

/** Collects a mistake if the option's parser rejects a value. The value then counts as not given. */
function checkValue(option: Option, args: readonly string[], add: Add): void {
  const { parseArg, flags, envVar, long } = option;
  if (parseArg === undefined) return;
  option.argParser((value: string, previous: unknown) => {
    try {
      return parseArg(value, previous);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      const isGiven = args.some((each) => each === long || each.startsWith(`${long}=`));
      if (envVar !== undefined && !isGiven)
        add(envVar, `option '${flags}' value '${value}' from env '${envVar}' is invalid. ${error.message}`);
      else add(long ?? flags, `option '${flags}' argument '${value}' is invalid. ${error.message}`);
      return previous;
    }
  });
}

/** Collects unknown options, and arguments beyond those of the command. Commander leaves both in `args`. */
function checkArguments(command: Command, add: Add): void {
  const known = [...command.options.map(({ long }) => long ?? ''), '--help'];
  const given: string[] = [];
  let isValue = false;
  for (const argument of command.args) {
    if (argument.startsWith('-') && argument !== '-') {
      const flag = argument.replace(/=.*$/s, '');
      const like = suggest(flag, known);
      add(flag, `unknown option '${flag}'${like === undefined ? '' : ` (Did you mean ${like}?)`}`);
      isValue = !argument.includes('=');
    } else {
      if (!isValue) given.push(argument);
      isValue = false;
    }
  }
  const { registeredArguments: declared } = command;
  if (given.length <= declared.length || declared.some(({ variadic }) => variadic)) return;
  const expected = declared.length === 0 ? 'none' : declared.map((each) => each.name()).join(' ');
  add('arguments', `too many arguments for '${command.name()}': expected ${expected}, got ${given.join(', ')}`);
}
