import { IANAZone, FixedOffsetZone, type Zone } from 'luxon';

/** What java.util.TimeZone understands by its old names of three letters (sun.util.calendar.ZoneInfoFile). */
const oldNames: Readonly<Record<string, string>> = {
  ...{ ACT: 'Australia/Darwin', AET: 'Australia/Sydney', AGT: 'America/Argentina/Buenos_Aires', ART: 'Africa/Cairo' },
  ...{ AST: 'America/Anchorage', BET: 'America/Sao_Paulo', BST: 'Asia/Dhaka', CAT: 'Africa/Harare' },
  ...{ CNT: 'America/St_Johns', CST: 'America/Chicago', CTT: 'Asia/Shanghai', EAT: 'Africa/Addis_Ababa' },
  ...{ ECT: 'Europe/Paris', IET: 'America/Indiana/Indianapolis', IST: 'Asia/Kolkata', JST: 'Asia/Tokyo' },
  ...{ MIT: 'Pacific/Apia', NET: 'Asia/Yerevan', NST: 'Pacific/Auckland', PLT: 'Asia/Karachi' },
  ...{ PNT: 'America/Phoenix', PRT: 'America/Puerto_Rico', PST: 'America/Los_Angeles', SST: 'Pacific/Guadalcanal' },
  ...{ VST: 'Asia/Ho_Chi_Minh' },
};

/** Those that know no daylight saving, unlike the places of these names. */
const oldOffsets: Readonly<Record<string, number>> = { EST: -300, MST: -420, HST: -600, GMT: 0, UTC: 0, Z: 0 };

/** A zone by the names that java.util.TimeZone takes; undefined: there is none, of which Java would make UTC silently. */
export function javaTimeZone(name: string): Zone | undefined {
  const offset = Object.hasOwn(oldOffsets, name) ? oldOffsets[name] : customOffset(name);
  if (offset !== undefined) return FixedOffsetZone.instance(offset);
  const known = (Object.hasOwn(oldNames, name) ? oldNames[name] : undefined) ?? name;
  // Java knows names in their own spelling only.
  return IANAZone.isValidZone(known) ? IANAZone.create(known) : undefined;
}

/** `GMT-8`, `GMT+0530`, `GMT+05:30`, in minutes. */
function customOffset(name: string): number | undefined {
  const [, sign, hours, minutes = '0'] = /^GMT([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(name) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const offset = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? -offset : offset;
}
