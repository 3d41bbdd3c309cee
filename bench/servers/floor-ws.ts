/** The least work of a fan-out: a text for each endpoint, sent to the sockets of its path. */
import { type WebSocket, WebSocketServer } from 'ws';
import { listen } from './listen.ts';
import { publishServer } from './publish.ts';

const groups = new Map<string, WebSocket[]>();
const server = publishServer(({ ids, text }) => {
  for (const id of ids) {
    const own = text.replace(ids[0] ?? '', id);
    for (const socket of groups.get(id) ?? []) socket.send(own);
  }
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket, request) => {
  const id = request.url?.slice(1) ?? '';
  const group = groups.get(id);
  if (group === undefined) groups.set(id, [socket]);
  else group.push(socket);
});
listen(server);
