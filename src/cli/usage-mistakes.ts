import { type Command, InvalidArgumentError, type Option } from 'commander';
import type { Mistake } from '../config/config-error.ts';
import { suggest } from '../config/suggest.ts';

/**
 * Lets a program read its whole command line, and collects every mistake in it. Commander by itself ends at the first.
 * Returns the list, which is complete when an action is called.
 */
export function collectMistakes(program: Command, args: readonly string[]): Mistake[] {
  const mistakes: Mistake[] = [];
  const add = (source: string, text: string) => mistakes.push({ source, text: `${text}; see orgql --help` });
  for (const command of program.commands) {
    command.allowUnknownOption().allowExcessArguments();
    for (const option of command.options) checkValue(option, args, add);
  }
  program.hook('preAction', (_, command) => {
    for (const option of command.options) {
      // Commander gives a refused value as an empty text.
      if (option.parseArg && command.opts()[option.attributeName()] === '')
        command.setOptionValue(option.attributeName(), undefined);
    }
    checkArguments(command, add);
  });
  return mistakes;
}

type Add = (source: string, text: string) => void;

/** A value that the option's parser refuses is a mistake, and counts as not given. */
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

/** Commander leaves what it does not know among the arguments; no command takes any. */
function checkArguments(command: Command, add: Add): void {
  const known = [...command.options.map(({ long }) => long ?? ''), '--help'];
  const excess: string[] = [];
  let isValue = false;
  for (const argument of command.args) {
    if (argument.startsWith('-') && argument !== '-') {
      const flag = argument.replace(/=.*$/s, '');
      const like = suggest(flag, known);
      add(flag, `unknown option '${flag}'${like === undefined ? '' : ` (Did you mean ${like}?)`}`);
      isValue = !argument.includes('=');
    } else {
      if (!isValue) excess.push(argument);
      isValue = false;
    }
  }
  if (excess.length > 0)
    add('arguments', `too many arguments for '${command.name()}'. Expected none, but got ${excess.join(', ')}`);
}
