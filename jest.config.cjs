// Jest's own ESM mode cannot load the CommonJS add-ons on Node 20, so everything runs as CommonJS: SWC turns our
// TypeScript and the ESM-only packages (Nest 12 and what it stands on) into it.
const swc = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};
const esmOnly = [
  '@nestjs',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@tokenizer',
  '@borewit',
  'cookie',
  '@fastify',
  'content-disposition',
  'fastify',
];

module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testRegex: String.raw`\.spec\.ts$`,
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  transform: { [String.raw`\.(ts|m?js)$`]: ['@swc/jest', swc] },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  moduleNameMapper: { [String.raw`^(\.{1,2}/.*)\.js$`]: '$1' },
  setupFilesAfterEnv: ['<rootDir>/test/support/second-try.ts'],
  maxWorkers: 2,
  // A worker keeps something of every file that it has run; near the end of the heap it only collects.
  workerIdleMemoryLimit: '1GB',
  reporters: ['default', '<rootDir>/test/support/closing-line.cjs'],
};
