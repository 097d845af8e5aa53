import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { upstreamPath } from '../answer-kinds.ts';
import { freePort } from '../free-port.ts';
import type { TargetKind } from './target-kind.ts';

/** What the machine allows: a proxy in C that looks at nothing. Taken if it is installed. */
export const nginx: TargetKind = {
  name: 'nginx',
  async prepare({ upstreamPort, folder }) {
    if (spawnSync('nginx', ['-v']).error) return 'nginx is not installed';
    const port = await freePort();
    const file = join(folder, `nginx-${port}.conf`);
    writeFileSync(file, configOf({ port, upstreamPort, folder }));
    return { program: 'nginx', words: ['-p', folder, '-e', 'stderr', '-c', file], port };
  },
  request: (kind) => ({ path: upstreamPath(kind) }),
};

/** One process, as the others; connections are kept, and events leave as they come. */
function configOf({
  port,
  upstreamPort,
  folder,
}: Record<'port' | 'upstreamPort', number> & { folder: string }) {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/nginx-${name};`,
  );
  return `daemon off;
master_process off;
pid ${folder}/nginx-${port}.pid;
events { worker_connections 20000; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_max_body_size 64m;
  client_body_buffer_size 2m;
  ${paths.join('\n  ')}
  upstream bench { server 127.0.0.1:${upstreamPort}; keepalive 2000; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://bench;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`;
}
