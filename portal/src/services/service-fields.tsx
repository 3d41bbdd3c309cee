/** Fields that the form for a new service and that for changes have in common. */
import { issueText } from '../gateway/faults.ts';
import { Field, type Form, TextField } from '../parts/form.tsx';
import { usePreferences, useText } from '../preferences.ts';
import { serviceText } from './service-text.ts';

const en = {
  ports: 'Ports',
  clientPort: 'Port of the endpoint',
  serverPort: 'Port of the backend',
  add: 'Add a port',
  remove: (port: string) => `Remove the port ${port}`,
};
const zh: typeof en = {
  ports: '端口映射',
  clientPort: '终端节点端口',
  serverPort: '后端端口',
  add: '添加端口',
  remove: (port: string) => `删除端口 ${port}`,
};

/** As typed. */
export interface PortDraft {
  readonly clientPort: string;
  readonly serverPort: string;
}

export const BLANK_PORT: PortDraft = { clientPort: '', serverPort: '' };

/** What is no number becomes 0, which the gateway's rule refuses. */
export function portsOf(ports: readonly PortDraft[]) {
  const number = (text: string) => (/^\d{1,6}$/.test(text.trim()) ? Number(text) : 0);
  return ports.map(({ clientPort, serverPort }) => ({
    clientPort: number(clientPort),
    serverPort: number(serverPort),
  }));
}

interface PortsFieldProps {
  readonly form: Form;
  readonly ports: readonly PortDraft[];
  readonly onChange: (ports: readonly PortDraft[]) => void;
}

export function PortsField({ form, ports, onChange }: PortsFieldProps) {
  const t = useText({ en, zh });
  const { language } = usePreferences();
  /** Of the list, and of pairs that are there twice. */
  const issues = form.at('input.ports').filter(({ path }) => /^input\.ports(?:\.\d+)?$/.test(path));
  const change = (index: number, part: Partial<PortDraft>) =>
    onChange(ports.map((port, at) => (at === index ? { ...port, ...part } : port)));
  return (
    <fieldset>
      <legend>{t.ports}</legend>
      {ports.map(({ clientPort, serverPort }, index) => {
        const path = `input.ports.${index}`;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a pair has no other identity while it is typed
          <div key={index} className="pair">
            <TextField
              form={form}
              path={`${path}.clientPort`}
              label={t.clientPort}
              required
              value={clientPort}
              onChange={(next) => change(index, { clientPort: next })}
            />
            <TextField
              form={form}
              path={`${path}.serverPort`}
              label={t.serverPort}
              required
              value={serverPort}
              onChange={(next) => change(index, { serverPort: next })}
            />
            {ports.length > 1 && (
              <button
                type="button"
                aria-label={t.remove(clientPort)}
                onClick={() => onChange(ports.filter((_, at) => at !== index))}
              >
                ✕
              </button>
            )}
          </div>
        );
      })}
      <button type="button" onClick={() => onChange([...ports, BLANK_PORT])}>
        {t.add}
      </button>
      {issues.map((issue) => (
        <div key={`${issue.path} ${issue.rule}`} className="fault">
          {issueText(issue, language, t.ports)}
        </div>
      ))}
    </fieldset>
  );
}

interface SelectFieldProps<Value extends string> {
  readonly form: Form;
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, name: string])[];
  readonly onChange: (value: Value) => void;
}

export function SelectField<Value extends string>({ value, options, onChange, ...field }: SelectFieldProps<Value>) {
  return (
    <Field {...field} required isEmpty={false}>
      {(props) => (
        <select {...props} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value as Value)}>
          {options.map(([option, name]) => (
            <option key={option} value={option}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

const PROXIES = ['CLOSE', 'PROXY_OPEN', 'OPEN', 'TOA_OPEN'] as const;
export type ProxyOption = (typeof PROXIES)[number] | 'PROXY_VNI' | 'UNKNOWN';

/** An option that cannot be chosen stays as it is. */
export function ProxyField({
  form,
  value,
  onChange,
}: {
  readonly form: Form;
  readonly value: ProxyOption;
  readonly onChange: (value: ProxyOption) => void;
}) {
  const { facts, proxies } = useText(serviceText);
  const options = [...new Set<ProxyOption>([...PROXIES, value])];
  return (
    <SelectField
      form={form}
      path="input.tcpProxy"
      label={facts.tcpProxy}
      value={value}
      options={options.map((option) => [option, proxies[option] ?? option] as const)}
      onChange={onChange}
    />
  );
}
