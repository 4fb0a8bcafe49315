import './settings.js';
import { describedSettings } from './setting.decorator.js';

const TABLE_START = '<!-- settings: written by npm run settings-table -->';
const TABLE_END = '<!-- /settings -->';

/** The page with its table of settings made anew between the two marks. */
export function withSettingsTable(page: string): string {
  const start = page.indexOf(TABLE_START);
  const end = page.indexOf(TABLE_END);
  if (start < 0 || end < start) throw new Error('the page has no place for the table of settings');
  return `${page.slice(0, start)}${TABLE_START}\n\n${settingsTable()}\n${page.slice(end)}`;
}

function settingsTable(): string {
  const rows = describedSettings().map(({ name, aliases = [], default: value, help }) => {
    const names = [name, ...aliases].map((each) => `\`${each}\``).join(', ');
    return `| ${names} | ${value === '' ? '' : `\`${value}\``} | ${help} |\n`;
  });
  return `| Setting | Default | Meaning |\n| --- | --- | --- |\n${rows.join('')}`;
}
