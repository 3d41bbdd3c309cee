#!/usr/bin/env bash
# examples/curl.sh [KEY]: creates an endpoint and prints its statuses until it is settled.
# A repeat with the same KEY does not create a second endpoint.
set -euo pipefail

url="${GATEWAY_URL:-http://127.0.0.1:4000}"
url="${url%/}"
url="${url%/graphql}/graphql"
key="${1:-curl-$(date +%s)-$$}"
json='content-type: application/json'

created="$(curl -sS "$url" -H "$json" -d '{
  "query": "mutation ($input: CreateVpcEndpointInput!) { createVpcEndpoint(input: $input) { statusCursor endpoint { id } } }",
  "variables": { "input": {
    "endpointServiceId": "51a00000-0000-4000-8000-000000000003",
    "vpcId": "11111111-1111-4111-8111-111111111111",
    "subnetId": "22222222-2222-4222-8222-222222222222",
    "idempotencyKey": "'"$key"'" } } }')"
echo "$created"

id="$(grep -oP '"id":"\K[^"]+' <<<"$created")"
cursor="$(grep -oP '"statusCursor":"\K[^"]+' <<<"$created")"
curl -sSN "$url/stream" -H "$json" -H 'accept: text/event-stream' -d '{
  "query": "subscription ($id: ID!, $after: String) { endpointStatus(id: $id, after: $after, until: SETTLED) { cursor status } }",
  "variables": { "id": "'"$id"'", "after": "'"$cursor"'" } }' | grep --line-buffered -o '{.*}'
