import {
  type VpcEndpointFieldsFragment,
  type VpcEndpointStatus,
  VpcEndpointsDocument,
} from '../client/generated/documents.ts';
import { COMMON, command, EXIT, stopSignal } from './command.ts';
import { GatewayClient } from './gateway-client.ts';
import { Screen } from './screen.ts';

const PAGE = 100;
const STATUSES = [
  'ACCEPTED',
  'CREATING',
  'DELETING',
  'FAILED',
  'PENDING_ACCEPTANCE',
  'REJECTED',
  'UNKNOWN',
] as const satisfies readonly VpcEndpointStatus[];

type Columns = Readonly<Record<string, (endpoint: VpcEndpointFieldsFragment) => string | null | undefined>>;

const COLUMNS: Columns = {
  ID: ({ id }) => id,
  STATUS: ({ status, rawStatus }) => (status === 'UNKNOWN' ? `UNKNOWN (${rawStatus})` : status),
  IP: ({ ip }) => ip,
  SERVICE: ({ endpointServiceName, endpointServiceId }) => endpointServiceName ?? endpointServiceId,
  CREATED: ({ createdAt }) => createdAt,
};

const WIDE: Columns = {
  ...COLUMNS,
  NAME: ({ tags }) => tags.find(({ key }) => key === 'Name')?.value,
  TYPE: ({ serviceType }) => serviceType,
  VPC: ({ vpcId }) => vpcId,
  SUBNET: ({ subnetId }) => subnetId,
  DNS: ({ dnsNames }) => dnsNames.join(','),
};

export const listCommand = command({
  summary: 'list endpoints, newest first',
  options: {
    status: {
      type: 'string',
      value: 'STATUS',
      multiple: true,
      choices: STATUSES,
      help: 'only those in this status; repeatable',
    },
    service: { type: 'string', value: 'ID|NAME', help: 'only those of this endpoint service' },
    output: { type: 'string', short: 'o', value: 'FORM', choices: ['wide'], help: 'more columns' },
    ...COMMON,
  },
  async run({ status, service, output, project: projectId, timeout, json }, _, io) {
    const signal = stopSignal(io, timeout);
    const gateway = new GatewayClient(io);
    const screen = new Screen(io);
    const endpoints: VpcEndpointFieldsFragment[] = [];
    let after: string | null | undefined;
    do {
      const { vpcEndpoints } = await gateway.ask(VpcEndpointsDocument, { projectId, first: PAGE, after }, signal);
      endpoints.push(...(vpcEndpoints?.edges ?? []).map(({ node }) => node));
      after = vpcEndpoints?.pageInfo.hasNextPage ? vpcEndpoints.pageInfo.endCursor : null;
    } while (after);

    // Upstream filters by neither status nor the service's id.
    const wanted = endpoints.filter(
      (endpoint) =>
        (!status || (status as string[]).includes(endpoint.status)) &&
        (!service || [endpoint.endpointServiceId, endpoint.endpointServiceName].includes(service)),
    );
    if (json) for (const endpoint of wanted) screen.print(JSON.stringify(endpoint));
    else if (wanted.length === 0) screen.say('There are no such endpoints.');
    else for (const row of table(wanted, output === 'wide' ? WIDE : COLUMNS)) screen.print(row);
    return EXIT.ok;
  },
});

function table(endpoints: readonly VpcEndpointFieldsFragment[], columns: Columns): string[] {
  const rows = [
    Object.keys(columns),
    ...endpoints.map((row) => Object.values(columns).map((cell) => cell(row) || '-')),
  ];
  const widths = Object.keys(columns).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
