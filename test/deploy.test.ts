import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import manifest from '../package.json' with { type: 'json' };
import { loadCatalog } from '../src/catalog/load-catalog.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const environment = {
  OPENAI_API_KEY: 'sk-provider',
  SIGNALBOX_TEAM_KEY: 'sk-team',
  SIGNALBOX_ADMIN_KEY: 'sk-admin',
};

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const yamlFiles = ['deploy', '.github'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((name) => /\.ya?ml$/.test(name)),
);

const documentsOf = (file: string) => [...parseAllDocuments(read(file))];

describe('deployment files', () => {
  test('every YAML file can be parsed', () => {
    assert.ok(yamlFiles.length >= 5);
    for (const file of yamlFiles) {
      for (const { errors } of documentsOf(file)) assert.deepEqual(errors, [], file);
    }
  });

  test('the configs for containers have nothing to complain about', async () => {
    const [configMap] = documentsOf('deploy/kubernetes.yaml').map((each) => each.toJS());
    for (const text of [read('deploy/config.yaml'), configMap.data['config.yaml']]) {
      assert.deepEqual((await loadCatalog({ text, environment })).problems, []);
    }
  });

  test('every action is pinned to a commit, and workflows may only read', () => {
    for (const file of ['.github/workflows/ci.yml', '.github/workflows/release.yml']) {
      const workflow = read(file);
      const uses = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action = '']) => action);
      assert.ok(uses.length > 0);
      for (const action of uses) assert.match(action, /^[\w/-]+@[0-9a-f]{40}$/);
      assert.match(workflow, /^permissions:\n {2}contents: read$/m);
    }
  });

  test('the release notes are the section of the version, and there is none for another', () => {
    const notes = (tag: string) =>
      spawnSync(process.execPath, ['scripts/release-notes.mjs', tag], {
        cwd: ROOT,
        encoding: 'utf8',
      });
    const other = notes('v99.0.0');
    assert.equal(other.status, 1);
    assert.match(other.stderr, /package\.json says .*, not 99\.0\.0/);
    const released = read('CHANGELOG.md').includes(`\n## ${manifest.version}`);
    assert.equal(notes(`v${manifest.version}`).status, released ? 0 : 1);
  });

  test('the systemd unit is one, and shuts the service off', (t) => {
    const unit = read('deploy/signalbox.service');
    for (const setting of ['DynamicUser=yes', 'ProtectSystem=strict', 'NoNewPrivileges=yes']) {
      assert.match(unit, new RegExp(`^${setting}$`, 'm'));
    }
    assert.match(unit, /^ExecStart=.* serve --config \/etc\/signalbox\/config\.yaml$/m);
    const grace = Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]);
    assert.ok(grace > 30, 'longer than the default of server.shutdown_grace');
    const verified = spawnSync('systemd-analyze', ['verify', 'deploy/signalbox.service'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    if (verified.error) return t.diagnostic('systemd-analyze is not there');
    // It also looks for the program of ExecStart, which is where the service will be.
    const said = verified.stderr.split('\n').filter((line) => line && !/not executable/.test(line));
    assert.deepEqual(said, []);
  });

  test('what is mounted and what is run agree', () => {
    const dockerfile = read('deploy/Dockerfile');
    for (const file of ['deploy/docker-compose.yaml', 'deploy/kubernetes.yaml']) {
      assert.match(read(file), /\/etc\/signalbox/, file);
      assert.match(read(file), /\/var\/lib\/signalbox/, file);
    }
    assert.match(dockerfile, /"--config", "\/etc\/signalbox\/config\.yaml"/);
    assert.match(dockerfile, /^WORKDIR \/var\/lib\/signalbox$/m);
  });
});
