// Resolves names under .test to loopback, as a hosts file would. Loaded by `node --require`.
const dns = require('node:dns');

const { lookup } = dns;
dns.lookup = (name, ...rest) => lookup(name.endsWith('.test') ? '127.0.0.1' : name, ...rest);
