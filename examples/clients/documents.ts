import { type TypedDocument, VpcEndpointDocument } from 'vpcep-gateway/documents';

async function send<Data, Variables>(query: TypedDocument<Data, Variables>, variables: Variables): Promise<Data> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ query, variables });
  const response = await fetch('http://127.0.0.1:4000/graphql', { method: 'POST', headers, body });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  if (errors !== undefined) throw new Error('refused', { cause: errors });
  return data;
}

const { vpcEndpoint } = await send(VpcEndpointDocument, { id: 'db18af8e-6a18-44e5-9c02-838174a4d93f' });
console.log(vpcEndpoint?.status);
