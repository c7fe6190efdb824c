/** LearnUpon's codes. */
export const LANGUAGES: readonly string[] =
  'cs da de en en_gb es fi_fl fr fr_ca hu id it ja ko nb_no nl nl_be pl pt pt_br ru sk sv tr vi_vn zh_cn zh_tw'.split(
    ' ',
  );

/** The code that a field's value stands for, such as `en_gb` for `en-GB`; `null` where LearnUpon has none. */
export const toLanguage = (value: string | null): string | null => {
  const code = value?.trim().toLowerCase().replace('-', '_') ?? '';
  return LANGUAGES.includes(code) ? code : null;
};
