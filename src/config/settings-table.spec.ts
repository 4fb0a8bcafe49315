import { readFileSync } from 'node:fs';
import { withSettingsTable } from './settings-table.js';

const compact = (page: string): string => page.replace(/ +/g, ' ').replace(/-{3,}/g, '---');

describe('the table of settings in the README', () => {
  it('is the one that the declarations make (npm run settings-table)', () => {
    const readme = readFileSync('README.md', 'utf8');
    expect(compact(readme)).toBe(compact(withSettingsTable(readme)));
  });
});
