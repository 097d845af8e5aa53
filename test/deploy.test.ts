import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { loadCatalog } from '../src/catalog/load-catalog.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const environment = { OPENAI_API_KEY: 'sk-provider', SIGNALBOX_TEAM_KEY: 'sk-team' };

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
    const workflow = read('.github/workflows/ci.yml');
    const uses = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action = '']) => action);
    assert.ok(uses.length > 0);
    for (const action of uses) assert.match(action, /^[\w/-]+@[0-9a-f]{40}$/);
    assert.match(workflow, /^permissions:\n {2}contents: read$/m);
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
