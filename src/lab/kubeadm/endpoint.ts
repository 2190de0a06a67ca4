import { controlPlanes, virtualAddress, type Lab, type LabNode } from '../topology.ts';
import { endpointPort, places } from './places.ts';

/** A balancer that passes on to every API server that is ready; one runs on each control plane. */
export function haproxyConfig(lab: Lab): string {
  const servers = controlPlanes(lab).map(
    (node) => `  server ${node.name} ${node.address}:${places.apiPort}`,
  );
  return `global
  log stdout format raw local0 notice
  user haproxy
  group haproxy
  maxconn 2000

defaults
  mode tcp
  log global
  timeout connect 5s
  # Watches are silent for minutes.
  timeout client 1h
  timeout server 1h

frontend kube-apiserver
  bind *:${endpointPort}
  default_backend kube-apiserver

backend kube-apiserver
  balance roundrobin
  option httpchk
  http-check connect ssl
  http-check send meth GET uri /readyz
  http-check expect status 200
  default-server check verify none inter 1s fall 2 rise 2 on-marked-down shutdown-sessions
${servers.join('\n')}
`;
}

/**
 * Who of the control planes holds the endpoint's address: the first whose balancer answers. If none does, as before
 * the first API server is there, the first.
 */
export function keepalivedConfig(lab: Lab, node: LabNode): string {
  const peers = controlPlanes(lab).filter((peer) => peer !== node);
  // Without peers it would warn that it takes to multicast.
  const unicast =
    peers.length === 0
      ? ''
      : `
  unicast_src_ip ${node.address}
  unicast_peer {
${peers.map((peer) => `    ${peer.address}`).join('\n')}
  }`;
  return `global_defs {
  router_id ${node.name}
  script_user root
  enable_script_security
}

vrrp_script haproxy {
  script "/usr/bin/curl -sfk -o /dev/null --max-time 2 https://127.0.0.1:${endpointPort}/readyz"
  interval 2
  fall 2
  rise 2
  weight -50
}

vrrp_instance control-plane-endpoint {
  state BACKUP
  interface eth0
  virtual_router_id 51
  priority ${101 - node.index}
  advert_int 1${unicast}
  virtual_ipaddress {
    ${virtualAddress(lab)}/24
  }
  track_script {
    haproxy
  }
}
`;
}
