import 'reflect-metadata';

/** How a setting appears to the operator. */
export interface SettingDescription {
  /** What it is for, one sentence, for the README's table. */
  help: string;
  /** The value used when it is not given, as one would write it; empty = none. */
  default: string;
  /** Other spellings; where both are given, the alias wins (the reference server reads only these). */
  aliases?: readonly string[];
}

export interface DescribedSetting extends SettingDescription {
  property: string;
  /** The environment variable: the property's name in capitals. */
  name: string;
}

const described: DescribedSetting[] = [];

/** Makes a property of the settings class a setting, read from the environment variable of the same name. */
export function Setting(description: SettingDescription): PropertyDecorator {
  return (_, property) => {
    const name = String(property).replace(/[A-Z]/g, '_$&').toUpperCase();
    described.push({ ...description, property: String(property), name });
  };
}

/** All settings in the order in which they are declared. */
export function describedSettings(): readonly DescribedSetting[] {
  return described;
}
