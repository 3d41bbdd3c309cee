/** What the page shows, as text for other programs. */
import { useContext } from 'react';
import { createRequest, stringifyDocument } from 'urql';
import { useText } from '../preferences.ts';
import { type PortalSettings, SettingsContext } from '../session/settings.ts';
import { Copy } from './small.tsx';

const en = { title: 'Copy as', terraform: 'Terraform import', variables: 'Variables' };
const zh: typeof en = { title: '复制为', terraform: 'Terraform 导入', variables: '变量' };

/** What Terraform knows it by. */
export interface TerraformResource {
  readonly type: string;
  /** For people; what Terraform does not take in names is replaced. */
  readonly name: string;
  readonly id: string;
}

interface CopyAsProps {
  readonly query: string;
  readonly variables: object;
  readonly terraform: TerraformResource;
}

export function CopyAs({ query, variables, terraform }: CopyAsProps) {
  const t = useText({ en, zh });
  const settings = useContext(SettingsContext);
  const texts: readonly (readonly [name: string, text: string])[] = [
    ['curl', curl(query, variables, settings?.authMode ?? 'none')],
    ['GraphQL', readable(query)],
    [t.variables, JSON.stringify(variables, null, 2)],
    [t.terraform, importBlock(terraform)],
  ];
  return (
    <section className="box" aria-labelledby="copy-as">
      <h2 id="copy-as">{t.title}</h2>
      {texts.map(([name, text]) => (
        <details key={name}>
          <summary>{name}</summary>
          <div className="copied">
            <pre>{text}</pre>
            <Copy value={text} subject={name} />
          </div>
        </details>
      ))}
    </section>
  );
}

const TOKENS = {
  none: null,
  jwt: 'Authorization: Bearer $GATEWAY_TOKEN',
  'iam-token': 'X-Auth-Token: $GATEWAY_TOKEN',
};

/** The token itself stays in the session. */
function curl(query: string, variables: object, authMode: PortalSettings['authMode']): string {
  const token = TOKENS[authMode];
  return [
    `curl ${quoted(new URL('/graphql', location.href).href)}`,
    ...(token === null ? [] : [`-H "${token}"`]),
    `-H ${quoted('Content-Type: application/json')}`,
    `--data-raw ${quoted(JSON.stringify({ query, variables }))}`,
  ].join(' \\\n  ');
}

/** For a POSIX shell: nothing is special within single quotes but the quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Documents are sent without line breaks and indents. */
function readable(query: string): string {
  const { kind, definitions } = createRequest(query, {}).query;
  return stringifyDocument({ kind, definitions });
}

function importBlock({ type, name, id }: TerraformResource): string {
  const label = name.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^(?![A-Za-z_])/, '_');
  return `import {\n  to = ${type}.${label}\n  id = ${JSON.stringify(id)}\n}`;
}
