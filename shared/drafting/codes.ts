/**
 * Codes of customs' tables that drafts write and their fields are read by. Checks go by the dated packs instead; a test holds both together
 * and against the tables that ship.
 */

/** 跨境B2B出口单证, among the attached papers (edoc). */
export const B2B_PAPER = '10000004';
/** 千克 (unit). */
export const KILOGRAM = '035';
/** China in a declaration (country_alpha3). */
export const CHINA = 'CHN';
/** China in a list (country). */
export const CHINA_NUMBER = '142';
