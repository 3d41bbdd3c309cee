/** Port mappings of an endpoint service. Rules: docs/upstream/NOTES.md, "Rules on input". Pure. */
import type { PortMappingInput } from '../../vpcep/service/model.ts';
import type { InputCheck } from '../core/input-check.ts';

const MAX_PORTS = 200;
const LAST_PORT = 65_535;

function readNumber(check: InputCheck, path: string, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= LAST_PORT) {
    return value;
  }
  check.report(path, { rule: 'range', message: `must be a port, 1 to ${LAST_PORT}` });
  return 0;
}

function readPort(check: InputCheck, path: string, value: unknown): PortMappingInput {
  const port = check.object(path, value) ?? {};
  if ((port.protocol ?? 'TCP') !== 'TCP') {
    check.report(`${path}.protocol`, { rule: 'protocol', message: 'must be TCP: upstream knows no other' });
  }
  return {
    clientPort: readNumber(check, `${path}.clientPort`, port.clientPort),
    serverPort: readNumber(check, `${path}.serverPort`, port.serverPort),
    protocol: 'TCP',
  };
}

export function readPorts(check: InputCheck, path: string, value: unknown): readonly PortMappingInput[] | undefined {
  const ports = check.list(path, value, (itemPath, item) => readPort(check, itemPath, item));
  check.notEmpty(path, ports);
  if (ports !== undefined && ports.length > MAX_PORTS) {
    check.report(path, { rule: 'count', message: `may hold at most ${MAX_PORTS} ports: it holds ${ports.length}` });
  }
  check.unique(
    path,
    ports?.map(({ clientPort, serverPort }) => `${clientPort} ${serverPort}`),
  );
  return ports;
}
