import { DeleteVpcEndpointDocument } from '../client/generated/documents.ts';
import { COMMON, command, EXIT, stopSignal, UsageError } from './command.ts';
import { GatewayClient } from './gateway-client.ts';
import { Screen } from './screen.ts';
import { Following } from './watch-command.ts';

export const deleteCommand = command({
  summary: 'delete an endpoint, which cannot be undone',
  synopsis: '<endpoint id>',
  options: { wait: { type: 'boolean', help: 'until it is gone' }, ...COMMON },
  inputFlags: { id: '<endpoint id>' },
  async run({ project, timeout, json, wait }, [id, ...more], io) {
    if (id === undefined || more.length > 0) throw new UsageError('Give the id of one endpoint');
    const signal = stopSignal(io, timeout);
    const gateway = new GatewayClient(io);
    const screen = new Screen(io);
    const variables = { input: { id }, projectId: project };
    const { deleteVpcEndpoint } = await gateway.ask(
      DeleteVpcEndpointDocument,
      variables,
      signal,
      'The endpoint may have been deleted: look with `vpcep-gateway list`, or repeat the command.',
    );
    if (deleteVpcEndpoint === null) throw new Error('no endpoint in the answer');
    const { statusCursor, endpoint } = deleteVpcEndpoint;
    if (json) screen.print(JSON.stringify({ id, status: endpoint.status, cursor: statusCursor, endpoint }));
    else screen.say(`Deleting. Cursor: ${statusCursor}`);
    if (!wait) return EXIT.ok;
    const following = new Following(gateway, screen, { project, json, signal, data: false });
    return following.endpoints([id], { after: statusCursor, until: 'deleted' });
  },
});
