import type { Command } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;

/** Prints a script that completes the commands and options of orgql in a shell. */
export function completionScript(program: Command, shell: (typeof shells)[number]): string {
  const entries = entriesOf(program, []);
  return shell === 'fish'
    ? fish(entries)
    : shell === 'zsh'
      ? `autoload -U +X bashcompinit && bashcompinit\n${bash(entries)}`
      : bash(entries);
}

interface Entry {
  /** The words of a command, without `orgql`. */
  readonly path: readonly string[];
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly { readonly flag: string; readonly description: string; readonly takesValue: boolean }[];
}

function entriesOf(command: Command, path: readonly string[]): readonly Entry[] {
  return [
    {
      path,
      commands: command.commands.map((each) => ({ name: each.name(), description: each.description() })),
      options: [
        ...command.options.map(({ long, description, required, optional }) => ({
          flag: long ?? '',
          description,
          takesValue: required || optional,
        })),
        { flag: '--help', description: 'print this help', takesValue: false },
      ],
    },
    ...command.commands.flatMap((each) => entriesOf(each, [...path, each.name()])),
  ];
}

/** Words that start with a dash are options; others are commands, or else files. */
function bash(entries: readonly Entry[]): string {
  const cases = entries.map(({ path, commands, options }) => {
    const words = [...commands.map(({ name }) => name), ...options.map(({ flag }) => flag)].join(' ');
    return `    '${path.join(' ')}') words='${words}' ;;`;
  });
  const paths = entries.map(({ path }) => `'${path.join(' ')}'`).join('|');
  return `_orgql() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' word words='' index
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${path:+$path }\${COMP_WORDS[index]}"
    case "$word" in
      ${paths}) path="$word" ;;
      *) break ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _orgql orgql
`;
}

function fish(entries: readonly Entry[]): string {
  const quote = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`;
  const lines = entries.flatMap(({ path, commands, options }) => {
    const condition =
      path.length === 0
        ? quote('__fish_use_subcommand')
        : quote(path.map((name) => `__fish_seen_subcommand_from ${name}`).join('; and '));
    return [
      ...commands.map(
        ({ name, description }) => `complete -c orgql -n ${condition} -a ${name} -d ${quote(description)}`,
      ),
      ...options.map(
        ({ flag, description, takesValue }) =>
          `complete -c orgql -n ${condition} -l ${flag.slice(2)}${takesValue ? ' -r' : ''} -d ${quote(description)}`,
      ),
    ];
  });
  return `${lines.join('\n')}\n`;
}
