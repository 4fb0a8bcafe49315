import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { http } from '../support/raw-http.js';
import { type RunningApp, startApp } from '../support/start-app.js';

jest.setTimeout(30_000);

const { version } = JSON.parse(readFileSync(resolve(__dirname, '../../package.json'), 'utf8')) as { version: string };

type Json = { [member: string]: Json } | Json[] | string | number | boolean | null | undefined;

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  parameters?: { name: string; in: string; required?: boolean; schema?: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, Media> }>;
}

interface Media {
  schema: object;
  examples?: Record<string, { value: unknown }>;
}

interface Document {
  openapi: string;
  info: { title: string; version: string };
  tags: { name: string; description?: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { type: string; properties: object; required: string[] }> };
}

describe('the API document', () => {
  let server: RunningApp;
  let document: Document;
  let operations: { name: string; path: string; operation: Operation }[];

  beforeAll(async () => {
    server = await startApp();
    document = (await http(server).get('/docs-json').expect(200)).body as Document;
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
    );
  });
  afterAll(async () => server.close());

  /** Every reference anywhere in the document. */
  const references = (value: Json): string[] => {
    if (typeof value !== 'object' || value === null) return [];
    if (Array.isArray(value)) return value.flatMap(references);
    return Object.entries(value).flatMap(([key, member]) => (key === '$ref' ? [member as string] : references(member)));
  };

  it("is OpenAPI 3 with a title and the package's version", () => {
    expect(document.openapi).toMatch(/^3\.[01]\.\d+$/);
    expect(document.info).toMatchObject({ title: 'Signalbox', version });
  });

  it('says of every group of paths what it is for', () => {
    const described = document.tags.filter(({ description }) => description).map(({ name }) => name);
    expect(new Set(operations.flatMap(({ operation }) => operation.tags))).toEqual(new Set(described));
  });

  it('lists what this server offers', () => {
    expect(operations.map(({ name }) => name).sort()).toEqual([
      'get /connect',
      'get /healthz',
      'get /metrics',
      'get /readyz',
      'get /room/{room}/websocket',
      'get /sigver/{path}',
      'get /ws',
      'post /join/{conversationid}',
      'post /rendezvous/code',
      'post /rendezvous/redeem',
    ]);
  });

  it('refers to nothing that it does not contain', () => {
    const dangling = references(document as unknown as Json).filter((reference) => {
      const [, ...path] = reference.split('/');
      return !path.reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], document);
    });
    expect(dangling).toEqual([]);
  });

  it('gives every operation an id of its own, a summary and its answers', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { name, operation } of operations) {
      expect({ name, summary: operation.summary }).toEqual({ name, summary: expect.stringMatching(/./) as string });
      expect({ name, answers: Object.keys(operation.responses).length }).not.toEqual({ name, answers: 0 });
      expect(Object.keys(operation.responses).every((status) => /^[1-5]\d\d$/.test(status))).toBe(true);
    }
  });

  it('declares the parameters of every path, and a schema with a type for each', () => {
    for (const { name, path, operation } of operations) {
      const parameters = operation.parameters ?? [];
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      expect({ name, inPath: parameters.filter((each) => each.in === 'path').map((each) => each.name) }).toEqual({
        name,
        inPath,
      });
      const untyped = parameters.filter(({ schema }) => !schema || !('type' in schema || '$ref' in schema));
      expect({ name, untyped: untyped.map((each) => each.name) }).toEqual({ name, untyped: [] });
    }
  });

  it('says of every answer what it means', () => {
    const mute = operations.flatMap(({ name, operation }) =>
      Object.entries(operation.responses)
        .filter(([, { description }]) => !description)
        .map(([status]) => `${name} ${status}`),
    );
    expect(mute).toEqual([]);
  });

  it('describes answers as they are', async () => {
    const schemaOf = (path: string, method: string) => {
      const schema = document.paths[path]?.[method]?.responses['200']?.content?.['application/json']?.schema as {
        $ref: string;
      };
      return document.components.schemas[schema.$ref.split('/').at(-1) ?? '']!;
    };
    const minted = await http(server).post('/rendezvous/code');
    const redeemed = await http(server)
      .post('/rendezvous/redeem')
      .send(minted.body as object);
    const answers: [string, string, object][] = [
      ['/rendezvous/code', 'post', minted.body as object],
      ['/rendezvous/redeem', 'post', redeemed.body as object],
      ['/healthz', 'get', (await http(server).get('/healthz')).body as object],
      ['/readyz', 'get', (await http(server).get('/readyz')).body as object],
    ];
    for (const [path, method, body] of answers) {
      const { properties, required } = schemaOf(path, method);
      expect({ path, members: Object.keys(body).sort() }).toEqual({ path, members: required.sort() });
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(required));
    }
  });

  it('has for every error a schema and an example, as it is sent', async () => {
    const errors = operations.flatMap(({ name, operation }) =>
      Object.entries(operation.responses)
        .filter(([status]) => Number(status) >= 400)
        .map(([status, { content = {} }]) => ({ name: `${name} ${status}`, content })),
    );
    expect(errors.length).toBeGreaterThan(20);
    for (const { name, content } of errors) {
      expect({ name, kinds: Object.keys(content).length }).not.toEqual({ name, kinds: 0 });
      for (const { schema } of Object.values(content))
        expect({ name, schema }).toEqual({ name, schema: expect.anything() as object });
    }
    const exampleOf = (name: string, kind: string, code: string) =>
      errors.find((error) => error.name === name)!.content[kind]!.examples![code]!.value;
    const gone = await http(server).post('/rendezvous/redeem').send({ code: '00000000' });
    expect(gone.text).toBe(exampleOf('post /rendezvous/redeem 410', 'text/plain', 'gone'));
    const plain = await http(server).get('/ws');
    expect(plain.body).toEqual(exampleOf('get /ws 426', 'application/json', 'upgrade_required'));
  });

  it('is a page for people at /docs', async () => {
    const { headers, text } = await http(server).get('/docs').expect(200);
    expect(headers['content-type']).toMatch(/^text\/html/);
    expect(text).toMatch(/swagger/i);
    for (const [, asset = ''] of text.matchAll(/(?:src|href)="(\.?\/[^"]+\.(?:js|css))"/g)) {
      const { pathname } = new URL(
        asset,
        `${server.http}/docs/`.replace(/docs\/$/, asset.startsWith('./docs') ? '' : 'docs/'),
      );
      await http(server).get(pathname).expect(200);
    }
  });
});
