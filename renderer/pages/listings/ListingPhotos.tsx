/** Photos of a listing: chosen, dropped, or from a phone's card; made small in the window, what is no photo refused by its name. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote, useErrorText } from '../../components/ErrorNote.tsx';
import { chooseMany } from '../../components/FilePicker.tsx';
import { useCommand } from '../../core-client.ts';
import { formatBytes } from '../../i18n/format.ts';
import { droppedPhotos } from './dropped-photos.ts';
import { pictureFiles, usePhotoIntake } from './use-photo-intake.ts';
import { usePhotoUrl } from './use-photo-url.ts';

type Photo = OutputOf<'listings.get'>['photoRows'][number];

export function ListingPhotos({
  id,
  photos,
  removed,
  isOpen,
  onChange,
}: {
  readonly id: number;
  readonly photos: readonly Photo[];
  readonly removed: readonly Photo[];
  readonly isOpen: boolean;
  readonly onChange: () => void;
}) {
  const { t } = useTranslation();
  const { take, left, refused, over, findings } = usePhotoIntake(id, onChange);
  const textOf = useErrorText();
  const [isOver, setOver] = useState(false);
  const strange = refused.filter(({ error, why }) => error === undefined && why === undefined);
  const choose = async (): Promise<void> =>
    take(await chooseMany(t('listings.addPhotos'), [{ name: t('listings.photos'), extensions: pictureFiles }]));
  return (
    <DetailSection title={t('listings.photos')}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button inside is for the keyboard */}
      <div
        className={`panel-pad listing-drop${isOver ? ' is-over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          if (isOpen) void droppedPhotos(event.dataTransfer, pictureFiles).then(take);
        }}
      >
        {isOpen ? (
          <p className="form-actions">
            <Button loading={left > 0} onClick={() => void choose()}>
              {left > 0 ? t('listings.photosLeft', { n: left }) : t('listings.addPhotos')}
            </Button>
            <span className="muted">{t('listings.photoHint')}</span>
          </p>
        ) : null}
        {strange.length === 0 ? null : (
          <p className="field-error" role="alert">
            {t('listings.noPhoto', { names: strange.map(({ name }) => name).join(t('money.comma')) })}
          </p>
        )}
        {refused.map(({ name, error, why }) => {
          const reason = error === undefined ? why && t(`listings.${why}`) : textOf(error).what;
          return reason === undefined ? null : (
            <p key={name} className="field-error" role="alert">
              {t('listings.photoRefused', { name, why: reason })}
            </p>
          );
        })}
        {findings.map((one) => (
          <p key={JSON.stringify(one)} className="field-error" role="alert">
            {t(`listings.left.${one.code}`, { ...one })}
          </p>
        ))}
        {over > 0 ? (
          <p className="field-error" role="alert">
            {t('listings.photosOver', { n: over })}
          </p>
        ) : null}
        <div className="listing-photos">
          {photos.map((photo) => (
            <Shown key={photo.id} photo={photo} isOpen={isOpen} onChange={onChange} />
          ))}
        </div>
        {removed.length === 0 ? null : (
          <>
            <p className="muted">{t('listings.removedPhotos')}</p>
            <div className="listing-photos is-removed">
              {removed.map((photo) => (
                <Shown key={photo.id} photo={photo} isRemoved isOpen={isOpen} onChange={onChange} />
              ))}
            </div>
          </>
        )}
      </div>
    </DetailSection>
  );
}

function Shown({
  photo,
  isRemoved = false,
  isOpen,
  onChange,
}: {
  readonly photo: Photo;
  readonly isRemoved?: boolean;
  readonly isOpen: boolean;
  readonly onChange: () => void;
}) {
  const { t } = useTranslation();
  const { url, error } = usePhotoUrl(photo.id);
  const change = useCommand(isRemoved ? 'listings.restorePhoto' : 'listings.removePhoto');
  return (
    <figure className="listing-photo">
      {url === undefined ? null : <img alt={photo.fileName} decoding="async" src={url} />}
      <figcaption title={photo.fileName}>
        {photo.fileName} <span className="muted">{formatBytes(photo.size)}</span>
      </figcaption>
      {isOpen ? (
        <Button
          size="small"
          aria-label={t(isRemoved ? 'listings.putBackPhoto' : 'listings.removePhoto', { name: photo.fileName })}
          loading={change.isRunning}
          onClick={async () => {
            if ((await change.run({ photoId: photo.id })) !== undefined) onChange();
          }}
        >
          {t(isRemoved ? 'listings.putBack' : 'listings.takeOut')}
        </Button>
      ) : null}
      <ErrorNote error={error ?? change.error} isInline />
    </figure>
  );
}
