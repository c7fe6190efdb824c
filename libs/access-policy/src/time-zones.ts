/** Rails' names of time zones, which LearnUpon takes. */
export const TIME_ZONES: readonly string[] = [
  'International Date Line West|Midway Island|American Samoa|Hawaii|Alaska|Pacific Time (US & Canada)|Tijuana|Arizona',
  'Mazatlan|Mountain Time (US & Canada)|Central America|Chihuahua|Central Time (US & Canada)|Guadalajara|Mexico City',
  'Monterrey|Saskatchewan|Bogota|Eastern Time (US & Canada)|Indiana (East)|Lima|Quito|Atlantic Time (Canada)|Caracas',
  'Georgetown|La Paz|Puerto Rico|Santiago|Asuncion|Newfoundland|Brasilia|Buenos Aires|Montevideo|Greenland|Mid-Atlantic',
  'Azores|Cape Verde Is.|Casablanca|Dublin|Edinburgh|Lisbon|London|Monrovia|UTC|Amsterdam|Belgrade|Berlin|Bern',
  'Bratislava|Brussels|Budapest|Copenhagen|Ljubljana|Madrid|Paris|Prague|Rome|Sarajevo|Skopje|Stockholm|Vienna|Warsaw',
  'West Central Africa|Zagreb|Zurich|Athens|Bucharest|Cairo|Harare|Helsinki|Jerusalem|Kaliningrad|Kyiv|Pretoria|Riga',
  'Sofia|Tallinn|Vilnius|Baghdad|Istanbul|Kuwait|Minsk|Moscow|Nairobi|Riyadh|St. Petersburg|Volgograd|Tehran',
  'Abu Dhabi|Baku|Muscat|Samara|Tbilisi|Yerevan|Kabul|Almaty|Astana|Ekaterinburg|Islamabad|Karachi|Tashkent|Chennai',
  'Kolkata|Mumbai|New Delhi|Sri Jayawardenepura|Kathmandu|Dhaka|Urumqi|Rangoon|Bangkok|Hanoi|Jakarta|Krasnoyarsk',
  'Novosibirsk|Beijing|Chongqing|Hong Kong|Irkutsk|Kuala Lumpur|Perth|Singapore|Taipei|Ulaanbaatar|Osaka|Sapporo|Seoul',
  'Tokyo|Yakutsk|Adelaide|Darwin|Brisbane|Canberra|Guam|Hobart|Melbourne|Port Moresby|Sydney|Vladivostok|Magadan',
  "New Caledonia|Solomon Is.|Srednekolymsk|Auckland|Fiji|Kamchatka|Marshall Is.|Wellington|Chatham Is.|Nuku'alofa",
  'Samoa|Tokelau Is.',
].flatMap((line) => line.split('|'));

const BY_LOWER = new Map(TIME_ZONES.map((name) => [name.toLowerCase(), name]));

/** The name that a field's value stands for, whatever its case; `null` where Rails has none. */
export const toTimeZone = (value: string): string | null => BY_LOWER.get(value.toLowerCase()) ?? null;
