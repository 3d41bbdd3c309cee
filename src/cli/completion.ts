import type { Command } from './command.ts';

type Commands = Readonly<Record<string, Command>>;

/** A `case` over "command previous-word" that sets `words`, or `files`. Both shells read it. */
function cases(commands: Commands): string {
  const lines = Object.entries(commands).flatMap(([name, { options, words = [] }]) => {
    const flags = Object.entries(options).flatMap(([flag, { short }]) => [
      `--${flag}`,
      ...(short ? [`-${short}`] : []),
    ]);
    const values = Object.entries(options).flatMap(([flag, { type, short, value, choices }]) => {
      if (type !== 'string') return [];
      const before = [`"${name} --${flag}"`, ...(short ? [`"${name} -${short}"`] : [])].join('|');
      return [`    ${before}) ${value === 'FILE' ? 'files=1' : `words="${choices?.join(' ') ?? ''}"`} ;;`];
    });
    return [...values, `    "${name} "*) words="${[...words, ...flags, '--help'].join(' ')}" ;;`];
  });
  return lines.join('\n');
}

/** @returns the script, for `source <(vpcep-gateway completion bash)`. */
export function completionScript(shell: 'bash' | 'zsh', commands: Commands): string {
  const first = [...Object.keys(commands), '--help', '--version'].join(' ');
  if (shell === 'bash') {
    return `_vpcep_gateway() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words="" files=""
  if ((COMP_CWORD == 1)); then words="${first}"; else
    case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD - 1]}" in
${cases(commands)}
    esac
  fi
  if [[ -n $files ]]; then compopt -o default; COMPREPLY=(); else COMPREPLY=($(compgen -W "$words" -- "$current")); fi
}
complete -F _vpcep_gateway vpcep-gateway
`;
  }
  return `#compdef vpcep-gateway
_vpcep_gateway() {
  local words_="" files=""
  if ((CURRENT == 2)); then words_="${first}"; else
    case "\${words[2]} \${words[CURRENT - 1]}" in
${cases(commands).replaceAll(' words=', ' words_=')}
    esac
  fi
  if [[ -n $files ]]; then _files; else compadd -- \${=words_}; fi
}
if [[ "\${funcstack[1]}" == _vpcep_gateway ]]; then _vpcep_gateway "$@"; else compdef _vpcep_gateway vpcep-gateway; fi
`;
}
