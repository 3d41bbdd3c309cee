/** Creates VPC endpoints and shows their statuses live, also after a lost connection. React with Apollo Client. */
import { CombinedGraphQLErrors } from '@apollo/client';
import { ApolloProvider, useMutation, useQuery, useSubscription } from '@apollo/client/react';
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type {
  CreateVpcEndpointInput,
  CreateVpcEndpointMutation,
  EndpointStatusSubscription,
} from 'vpcep-gateway/documents';
import { CREATE, client, LIST, PROJECT_STATUS, STATUS, socket } from './client.ts';

type Created = NonNullable<CreateVpcEndpointMutation['createVpcEndpoint']>;
type Issue = { readonly path: string; readonly message: string };

function Create({ onCreated }: { readonly onCreated: (created: Created) => void }) {
  // A key for each input: a second click, or a repeat after a lost answer, does not create a second endpoint.
  const [idempotencyKey, setKey] = useState<string>(() => crypto.randomUUID());
  const [create, { error, loading }] = useMutation(CREATE, { errorPolicy: 'all' });
  const errors = CombinedGraphQLErrors.is(error) ? error.errors : [];
  const issues = errors.flatMap(({ extensions }) => (extensions?.issues ?? []) as Issue[]);

  async function submit(form: FormData): Promise<void> {
    const input = { ...Object.fromEntries(form), idempotencyKey } as CreateVpcEndpointInput;
    const { data } = await create({ variables: { input } });
    if (!data?.createVpcEndpoint) return; // A field that fails is null, and `error` says why.
    onCreated(data.createVpcEndpoint);
    setKey(crypto.randomUUID());
  }

  const field = (name: string, value: string) => (
    <p>
      <label>
        {name} <input name={name} defaultValue={value} size={36} />
      </label>
      <small>{issues.find(({ path }) => path === `input.${name}`)?.message}</small>
    </p>
  );
  return (
    <form
      onChange={() => setKey(crypto.randomUUID())}
      onSubmit={(event) => {
        event.preventDefault();
        void submit(new FormData(event.currentTarget));
      }}
    >
      {field('endpointServiceId', '51a00000-0000-4000-8000-000000000003')}
      {field('vpcId', '11111111-1111-4111-8111-111111111111')}
      {field('subnetId', '22222222-2222-4222-8222-222222222222')}
      <button type="submit" disabled={loading}>
        Create
      </button>
      {error && <p role="alert">{error.message}</p>}
    </form>
  );
}

type Step = EndpointStatusSubscription['endpointStatus'];

function Badge({ endpoint: { id }, statusCursor: after }: Created) {
  const [steps, setSteps] = useState<readonly Step[]>([]);
  // In StrictMode React subscribes twice, so that events come again: their version is not newer.
  const add = (event: Step) =>
    setSteps((before) => (event.version > (before.at(-1)?.version ?? 0) ? [...before, event] : before));
  const { error } = useSubscription(STATUS, {
    variables: { id, after },
    onData: ({ data: { data } }) => data && add(data.endpointStatus),
  });
  if (error) return <p role="alert">{error.message}</p>;
  return (
    <p>
      <strong role="status">{steps.at(-1)?.status ?? '…'}</strong> {steps.map(({ status }) => status).join(' → ')}
    </p>
  );
}

function List() {
  const { data, refetch } = useQuery(LIST, { variables: { first: 100 } });
  useSubscription(PROJECT_STATUS, {
    ignoreResults: true,
    onData: ({ data: { data } }) => {
      if (data === undefined) return;
      // An event has its endpoint, so that the cache updates the row. Read the list when there are other rows than before.
      const event = data.projectEndpointStatus;
      const changed = event?.kind === 'TRANSITION' && event.previousStatus !== null && event.status !== 'DELETED';
      if (!changed && !event?.more) void refetch();
    },
  });
  const rows = data?.vpcEndpoints?.edges.map(({ node }) => <li key={node.id}>{`${node.id} ${node.status}`}</li>);
  return <ul>{rows}</ul>;
}

function App() {
  const [live, setLive] = useState(false);
  const [created, setCreated] = useState<Created>();
  useEffect(() => {
    const ends = [socket.on('connected', () => setLive(true)), socket.on('closed', () => setLive(false))];
    return () => ends.forEach((end) => void end());
  }, []);
  return (
    <ApolloProvider client={client}>
      <h1>VPC endpoints ({live ? 'live' : 'connecting …'})</h1>
      <Create onCreated={setCreated} />
      {created && <Badge key={created.endpoint.id} {...created} />}
      <List />
    </ApolloProvider>
  );
}

createRoot(document.getElementById('app') as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
