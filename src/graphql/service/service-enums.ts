/** Gives the word lists of endpoint services to the schema; see graphql/core/enums.ts. */
import { registerEnumType } from 'type-graphql';
import {
  CidrType,
  EndpointServiceStatus,
  NetType,
  ServerType,
  ServiceIpVersion,
  ServiceUpgradeAction,
  TcpProxy,
} from '../../vpcep/service/model.ts';

const unknown = (raw: string) => ({ description: `A word that this version does not know: see \`${raw}\`.` });

registerEnumType(EndpointServiceStatus, {
  name: 'EndpointServiceStatus',
  description: 'Where an endpoint service is in its life.',
  valuesConfig: {
    CREATING: { description: 'Is being built.' },
    AVAILABLE: { description: 'Takes endpoints.' },
    FAILED: { description: 'Could not be built; see `faults`. Delete it and create another one.' },
    DELETING: { description: 'Is being deleted. This cannot be undone.' },
    UNKNOWN: unknown('rawStatus'),
  },
});

registerEnumType(ServerType, {
  name: 'ServerType',
  description: 'What is behind an endpoint service.',
  valuesConfig: {
    VM: { description: 'A cloud server.' },
    LB: { description: 'A load balancer.' },
    VIP: { description: 'A virtual IP address.', deprecationReason: 'retired upstream: new services are VM or LB' },
    UNKNOWN: unknown('rawServerType'),
  },
});

registerEnumType(TcpProxy, {
  name: 'TcpProxy',
  description: 'What is told to the backend about the client.',
  valuesConfig: {
    CLOSE: { description: 'Nothing.' },
    TOA_OPEN: { description: 'The TCP option field (TOA); OBS backends only.' },
    PROXY_OPEN: { description: 'The Proxy Protocol.' },
    OPEN: { description: 'The TCP option field and the Proxy Protocol.' },
    PROXY_VNI: { description: 'In the SDK only; its meaning is not published.' },
    UNKNOWN: unknown('rawTcpProxy'),
  },
});

registerEnumType(ServiceIpVersion, {
  name: 'ServiceIpVersion',
  description: 'The address family of an endpoint service. Only professional services have one.',
  valuesConfig: {
    IPV4: { description: 'IPv4.' },
    IPV6: { description: 'IPv6; needs `snatNetworkId`.' },
    UNKNOWN: unknown('rawIpVersion'),
  },
});

registerEnumType(CidrType, {
  name: 'CidrType',
  description: 'The kind of network segment of an endpoint service.',
  valuesConfig: {
    PUBLIC: { description: 'A public segment.' },
    INTERNAL: { description: 'An internal segment.' },
    UNKNOWN: unknown('rawCidrType'),
  },
});

registerEnumType(NetType, {
  name: 'NetType',
  description: 'The network of the backend.',
  valuesConfig: {
    VLAN: { description: 'VLAN.' },
    VXLAN: { description: 'VXLAN.' },
    ALL: { description: 'Both.' },
  },
});

registerEnumType(ServiceUpgradeAction, {
  name: 'ServiceUpgradeAction',
  description: 'Which way to go between the editions.',
  valuesConfig: {
    UPGRADE: { description: 'To the professional edition.' },
    ROLLBACK: { description: 'Back from it.' },
  },
});
