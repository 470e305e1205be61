import { useTranslation } from 'react-i18next';

/** Platforms by the names people know; one that has no name here keeps its own. */
export function usePayoutName(): {
  readonly platformOf: (platform: string) => string;
  /** `amazon 2611…`, as the core names a payout, as `亚马逊 2611…`. */
  readonly payoutName: (text: string) => string;
} {
  const { t, i18n } = useTranslation();
  const platformOf = (platform: string): string =>
    /^[a-z-]+$/.test(platform) && i18n.exists(`payouts.platform.${platform}`)
      ? t(`payouts.platform.${platform}`)
      : platform;
  return {
    platformOf,
    payoutName: (text) => {
      const [platform = '', ...rest] = text.split(' ');
      return [platformOf(platform), ...rest].join(' ');
    },
  };
}
