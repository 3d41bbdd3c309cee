import {
  AcceptServiceConnectionDocument,
  type AcceptServiceConnectionInput,
  type AcceptServiceConnectionMutation,
  RejectServiceConnectionDocument,
} from '../client/generated/documents.ts';
import { COMMON, type Command, command, EXIT, stopSignal, UsageError } from './command.ts';
import { exitCodeOf, GatewayClient } from './gateway-client.ts';
import { Screen } from './screen.ts';

type Payload = AcceptServiceConnectionMutation['acceptServiceConnection'];
interface Variables {
  readonly input: AcceptServiceConnectionInput;
  readonly projectId: string | undefined;
}

export const acceptCommand = decide('let endpoints connect to your service', async (gateway, variables, signal) => {
  return (await gateway.ask(AcceptServiceConnectionDocument, variables, signal)).acceptServiceConnection;
});

export const rejectCommand = decide('refuse or disconnect endpoints', async (gateway, variables, signal) => {
  return (await gateway.ask(RejectServiceConnectionDocument, variables, signal)).rejectServiceConnection;
});

function decide(
  summary: string,
  send: (gateway: GatewayClient, variables: Variables, signal: AbortSignal) => Promise<Payload>,
): Command {
  return command({
    summary,
    synopsis: '<endpoint id…>',
    options: { service: { type: 'string', value: 'ID', help: 'your endpoint service' }, ...COMMON },
    inputFlags: { endpointServiceId: '--service', endpointIds: '<endpoint id>' },
    async run({ service, project: projectId, timeout, json }, endpointIds, io) {
      if (!service || endpointIds.length === 0) throw new UsageError('--service and the ids of endpoints are needed');
      const input = { endpointServiceId: service, endpointIds: [...endpointIds] };
      const payload = await send(new GatewayClient(io), { input, projectId }, stopSignal(io, timeout));
      const screen = new Screen(io);
      let exitCode: number = EXIT.ok;
      for (const result of payload?.results ?? []) {
        const { endpointId, connection, error } = result;
        if (error) exitCode = Math.max(exitCode, exitCodeOf(error.code));
        if (json) screen.print(JSON.stringify(result));
        else if (error) screen.say(`${endpointId}: ${error.message}`);
        else screen.print(`${endpointId}  ${connection?.status ?? ''}`.trimEnd());
      }
      return exitCode;
    },
  });
}
