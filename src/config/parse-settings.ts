import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { type DescribedSetting, describedSettings } from './setting.decorator.js';
import { Settings } from './settings.js';

/** Environment variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment holds values the server cannot run with: every one of them, one line each. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/**
 * Reads all settings from the environment. An empty value counts as not given.
 * @throws SettingsError naming each wrong setting, what was given and what is allowed.
 */
export function parseSettings(environment: Environment): Settings {
  const given = Object.fromEntries(
    describedSettings().map((setting) => [setting.property, pick(setting, environment)]),
  );
  const texts = Object.fromEntries(Object.entries(given).map(([property, { text }]) => [property, text]));
  const settings = plainToInstance(Settings, texts);
  const problems = validateSync(settings).map(({ property, constraints }) => {
    const { name, text } = given[property]!;
    return `${name}: ${JSON.stringify(withoutCredentials(text))} is not allowed: must be ${Object.values(constraints ?? {}).join(', ')}`;
  });
  problems.push(...crossRules(settings));
  if (problems.length > 0) throw new SettingsError(problems);
  return Object.freeze(settings);
}

/** The variable that counts and its text: an alias before the name, the default when none is given. */
function pick(setting: DescribedSetting, environment: Environment): { name: string; text: string } {
  for (const name of [...(setting.aliases ?? []), setting.name]) {
    const value = environment[name];
    if (value !== undefined && value !== '') return { name, text: value };
  }
  return { name: setting.name, text: setting.default };
}

/** What stands before an `@` in a URL is nobody's business who reads a log. */
function withoutCredentials(text: string): string {
  return text.replace(/^([\w+.-]+:\/\/)?.*@/s, '$1***@');
}

function crossRules(settings: Settings): string[] {
  const { tlsCertFile, tlsKeyFile, tlsCaFile, codeMinDigits, codeMaxDigits, voice, permissionsHost, dev } = settings;
  const problems = [];
  if (Boolean(tlsCertFile) !== Boolean(tlsKeyFile)) {
    problems.push('TLS_CERT_FILE, TLS_KEY_FILE: only one is given: must be both or neither');
  }
  if (tlsCaFile && !tlsCertFile) problems.push('TLS_CA_FILE: given without TLS_CERT_FILE: must go with it');
  if (codeMinDigits > codeMaxDigits) {
    problems.push(
      `CODE_MAX_DIGITS: "${codeMaxDigits}" is not allowed: must not be below CODE_MIN_DIGITS (${codeMinDigits})`,
    );
  }
  if (voice === 'on' && !permissionsHost && !dev) {
    problems.push('VOICE: "on" is not allowed: must not be on without PERMISSIONS_HOST or DEV=true: nobody could join');
  }
  return problems;
}
