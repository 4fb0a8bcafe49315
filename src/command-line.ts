import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseSettings, SettingsError } from './config/parse-settings.js';
import { describedSettings } from './config/setting.decorator.js';

const USAGE = `signalbox [--check-config | --version | --help]

Introduces WebRTC peers: pairing codes, signaling, mailbox, voice. All settings are environment variables.

  --check-config  say whether the settings are right, then stop: status 0 or 1
  --version       print the version
  -h, --help      print this
`;

/** Does what the arguments ask for instead of serving; returns whether they did. Sets the exit status. */
export function runCommandLine(args: string[]): boolean {
  let options;
  try {
    options = parseArgs({
      args,
      options: {
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
        'check-config': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    console.error(`signalbox: ${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
    return true;
  }
  if (options.help) console.log(`${USAGE}\nSettings:\n\n${settingsList()}`);
  else if (options.version) console.log(version());
  else if (options['check-config']) checkConfig();
  else return false;
  return true;
}

function checkConfig(): void {
  try {
    parseSettings(process.env);
    console.log('the settings are right');
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

function settingsList(): string {
  const lines = describedSettings().map((setting) => {
    const names = [setting.name, ...(setting.aliases ?? [])].join(', ');
    return `  ${names} (${setting.default || 'empty'})\n      ${setting.help}`;
  });
  return lines.join('\n');
}

/** The package's version; its manifest lies beside the folder that this file is built into. */
export function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
