/** 给货拍照、上架: the goods the cooperative shows, their photos from a camera's card or dropped, and the few things a buyer asks first. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { listingLengths } from '../../../shared/contract/listings.ts';
import { rejectionReasons } from '../../../shared/sync/rejections.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { numberParam, replaceParams } from '../../app/route-store.ts';
import { leaveSimple } from '../../app/simple-mode.ts';
import { useErrorText } from '../../components/ErrorNote.tsx';
import { chooseMany } from '../../components/FilePicker.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { ToneMark, ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useJob, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import type { Tone } from '../../theme/palette.ts';
import { droppedPhotos } from '../listings/dropped-photos.ts';
import { pictureFiles, usePhotoIntake } from '../listings/use-photo-intake.ts';
import { usePhotoUrl } from '../listings/use-photo-url.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { Ask, BigPage, Choice, Choices, ListingPicture, NamePicker, PlainError } from './parts.tsx';
import { Reason } from './SaleCheck.tsx';
import { NoPlatform } from './sales.tsx';

type Listing = OutputOf<'listings.get'>;

/** Goods shown at once: each has a photo to be read. */
const AT_ONCE = 24;

/** Where the last filing with the library stands, and whether the book says something else by now. */
function useFiledText(): (filing: NonNullable<Listing['filing']>) => string {
  const { t } = useTranslation();
  return ({ state, stale }) =>
    stale && state === 'accepted'
      ? t('simple.show.changed')
      : t(state === 'accepted' ? 'simple.show.accepted' : `simple.state.${state}`);
}

export function ShowcasePage({ params }: PageProps) {
  const { t } = useTranslation();
  const id = numberParam(params, 'id');
  const list = useQuery('listings.list', {}, { areas: ['documents', 'products', 'sync'] });
  const [isNew, setNew] = useState(false);
  const [text, setText] = useState('');
  const [shown, setShown] = useState(AT_ONCE);
  useKeys([{ key: 'Ctrl+N', label: t('simple.show.new'), run: () => setNew(true), isMain: true }]);
  const filedText = useFiledText();
  const open = (next: number): void => {
    setNew(false);
    replaceParams({ id: next });
  };
  if (isNew) return <NewListing onMade={open} onBack={() => setNew(false)} />;
  if (id !== undefined) return <OneListing key={id} id={id} onBack={() => replaceParams({})} />;
  const listed = list.data?.rows.filter(({ state }) => state === 'open') ?? [];
  const found = listed.filter(({ nameZh, sku, originName }) =>
    [nameZh, sku, originName].some((one) => one.toLowerCase().includes(text.trim().toLowerCase())),
  );
  const rows = found.slice(0, shown);
  return (
    <BigPage title={t('simple.show.title')} hint={t('simple.show.hint')}>
      <PlainError error={list.error} onRetry={list.reload} />
      <div className="simple-begin">
        <Button id="show-new" type="primary" onClick={() => setNew(true)}>
          {t('simple.show.new')}
        </Button>
      </div>
      {listed.length > AT_ONCE ? (
        <Ask id="show-text" label={t('simple.show.find')}>
          <Input id="show-text" value={text} allowClear onChange={(event) => setText(event.target.value)} />
        </Ask>
      ) : null}
      {list.data !== undefined && rows.length === 0 ? (
        <p className="simple-nothing">{t(listed.length === 0 ? 'simple.show.none' : 'simple.notFound')}</p>
      ) : null}
      <div className="simple-cards is-pictures">
        {rows.map((row) => (
          <Choice
            key={row.id}
            title={row.nameZh}
            note={
              <>
                {row.photos === 0
                  ? t('simple.show.noPhoto')
                  : t('simple.show.has', { count: row.photos, score: row.score })}
                {row.filing === null ? null : ` · ${filedText(row.filing)}`}
              </>
            }
            picture={<ListingPicture listingId={row.photos === 0 ? undefined : row.id} />}
            onPress={() => open(row.id)}
          />
        ))}
      </div>
      {found.length > shown ? (
        <div className="simple-begin">
          <Button onClick={() => setShown(shown + AT_ONCE)}>
            {t('simple.more', { n: formatCount(found.length - shown) })}
          </Button>
        </div>
      ) : null}
    </BigPage>
  );
}

/** What is to be shown: one of the local specialities, a product of the book, or a name. */
function NewListing({ onMade, onBack }: { readonly onMade: (id: number) => void; readonly onBack: () => void }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const open = useCommand('listings.open');
  const templates = useQuery('listings.templates', {});
  const listed = useQuery('listings.list', {});
  const [name, setName] = useState('');
  const products = useQuery('products.list', { text: name.trim(), limit: 60 }, { areas: ['products'] });
  useKeys([{ key: 'Esc', label: t('common.back'), run: onBack }]);
  const make = async (from: { sku?: string; template?: string; nameZh?: string }): Promise<void> => {
    const made = await open.run(from);
    if (made !== undefined) onMade(made.id);
  };
  const shown = new Set(listed.data?.rows.map(({ sku }) => sku));
  const own = (products.data?.rows ?? []).filter(({ sku, lineKind }) => lineKind === 'goods' && !shown.has(sku));
  const wanted = name.trim();
  const fitting = (templates.data?.rows ?? []).filter(
    ({ title }) => wanted === '' || title.zh.includes(wanted) || title.en.toLowerCase().includes(wanted.toLowerCase()),
  );
  return (
    <BigPage title={t('simple.show.what')} foot={<Button onClick={onBack}>{t('common.back')}</Button>}>
      <PlainError error={open.error ?? templates.error ?? products.error} />
      <div className="simple-asks">
        <Ask id="show-name" label={t('simple.show.name')}>
          <Input
            id="show-name"
            autoFocus
            maxLength={250}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
            onPressEnter={() => (wanted === '' ? undefined : void make({ nameZh: wanted }))}
          />
        </Ask>
        <Button
          id="show-make"
          type="primary"
          disabled={wanted === ''}
          loading={open.isRunning}
          onClick={() => void make({ nameZh: wanted })}
        >
          {t('simple.show.make')}
        </Button>
      </div>
      {own.length === 0 ? null : (
        <Choices label={t('simple.show.own')}>
          {own.map(({ sku, nameCn, nameSource }) => (
            <Choice key={sku} title={nameCn === '' ? nameSource : nameCn} onPress={() => void make({ sku })} />
          ))}
        </Choices>
      )}
      <Choices label={t('simple.show.local')}>
        {fitting.map(({ id, title, place }) => (
          <Choice key={id} title={words(title)} note={words(place)} onPress={() => void make({ template: id })} />
        ))}
      </Choices>
    </BigPage>
  );
}

function OneListing({ id, onBack }: { readonly id: number; readonly onBack: () => void }) {
  const { t } = useTranslation();
  const shown = useQuery('listings.get', { id }, { areas: ['documents', 'products', 'sync'] });
  if (shown.data === undefined)
    return (
      <BigPage title={t('simple.show.title')} foot={<Button onClick={onBack}>{t('common.back')}</Button>}>
        <PlainError error={shown.error} onRetry={shown.reload} />
      </BigPage>
    );
  return <Editor listing={shown.data} onBack={onBack} onChange={shown.reload} />;
}

function toneOf({ state, stale }: NonNullable<Listing['filing']>): Tone {
  if (state === 'accepted') return stale ? 'action' : 'accepted';
  return state === 'rejected' ? 'rejected' : 'ready';
}

/** The parts of a listing the clerk answers here; the others are the broker's. */
const ownParts: readonly string[] = [
  'nameZh',
  'nameEn',
  'origin',
  'village',
  'variety',
  'pack',
  'photos',
  'description',
];

/** Whether a part of the clerk's own has nothing in its field; photos have none. */
function isUnwritten(part: string, nameZh: string, body: Listing['body']): boolean {
  if (part === 'photos') return true;
  if (part === 'nameZh') return nameZh.trim() === '';
  const text: unknown = Reflect.get(body, part === 'description' ? 'descriptionZh' : part);
  return typeof text !== 'string' || text.trim() === '';
}

function Editor({
  listing,
  onBack,
  onChange,
}: {
  readonly listing: Listing;
  readonly onBack: () => void;
  readonly onChange: () => void;
}) {
  const { t } = useTranslation();
  const { id, filing } = listing;
  const filedText = useFiledText();
  const textOf = useErrorText();
  const save = useCommand('listings.save');
  const draft = useCommand('filings.draft');
  const queue = useJob('documents.queue');
  const form = useFormDraft(
    `simple listing ${id}`,
    { nameZh: listing.nameZh, body: listing.body },
    JSON.stringify([listing.nameZh, listing.body]),
  );
  const { nameZh, body } = form.value;
  const { change } = form;
  const [problem, setProblem] = useState('');
  const write = async (): Promise<boolean> => {
    const done = await save.run({ id, nameZh, hsCode: listing.hsCode, body });
    if (done === undefined) return false;
    form.done();
    onChange();
    return true;
  };
  const keep = async (): Promise<void> => {
    if (await write()) notify(t('simple.show.kept'));
  };
  const send = async (): Promise<void> => {
    setProblem('');
    if (!(await write())) return;
    const made = await draft.run({ subjects: [{ kind: 'listing', id }] });
    const [document] = made?.documents ?? [];
    if (document === undefined) {
      const [refused] = made?.refused ?? [];
      // Nothing new, or no answer yet, is told in its own words; anything else as what it is.
      const isOld = refused === undefined || ['FILING_UNCHANGED', 'FILING_UNDERWAY'].includes(refused.code);
      if (made !== undefined) setProblem(isOld ? t('simple.show.notDrafted') : textOf(refused).what);
      return;
    }
    const answer = await queue.start({ caseOf: document.id });
    if (answer === undefined) return;
    if (answer.documents === 0) setProblem(t('simple.show.notComplete'));
    else notify(t('simple.show.sent'));
    onChange();
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void keep() });
  useKeys([
    { key: 'Ctrl+Enter', label: t('common.save'), run: () => void keep(), isMain: true },
    { key: 'Esc', label: t('common.back'), run: onBack },
  ]);
  const text = (name: 'nameEn' | 'village' | 'variety' | 'pack' | 'descriptionZh') => (
    <Ask id={`show-${name}`} label={t(`simple.show.ask.${name}`)}>
      <Input
        id={`show-${name}`}
        maxLength={listingLengths[name]}
        autoComplete="off"
        value={body[name]}
        onChange={(event) => change({ body: { ...body, [name]: event.target.value } })}
      />
    </Ask>
  );
  // What is written and not saved yet is not asked for again.
  const mine = listing.missing.filter((part) => ownParts.includes(part) && isUnwritten(part, nameZh, body));
  const others = listing.missing.filter((part) => !ownParts.includes(part));
  const names = (parts: readonly string[]): string =>
    parts
      .map((part) => t(`simple.show.part.${part}`, { defaultValue: t(`listings.part.${part}`) }))
      .join(t('simple.comma'));
  return (
    <BigPage
      title={listing.nameZh}
      foot={
        <>
          <Button onClick={onBack}>{t('common.back')}</Button>
          <Button onClick={() => leaveSimple('listings', { id })}>{t('simple.openWhole')}</Button>
          <span className="simple-saved">
            {filing === null ? null : <ToneTag tone={toneOf(filing)} label={filedText(filing)} />}
          </span>
          <Button id="show-save" loading={save.isRunning} onClick={() => void keep()}>
            {t('common.save')}
          </Button>
          <Button id="show-send" type="primary" loading={queue.status === 'running'} onClick={() => void send()}>
            {t('simple.show.send')}
          </Button>
        </>
      }
    >
      <RestoredNote draft={form} />
      <PlainError error={save.error ?? draft.error ?? queue.error} />
      {problem === '' ? null : (
        <p className="simple-error" role="alert">
          <ToneMark tone="rejected" /> {problem}
        </p>
      )}
      <NoPlatform isWaiting={filing?.state === 'queued'} />
      {filing?.state === 'rejected' ? (
        <div className="simple-card" role="alert">
          <span className="simple-card-text">
            <strong>{t('simple.show.sentBack')}</strong>
            {rejectionReasons('', filing.statusInfo ?? '').map((reason) => (
              <Reason key={`${reason.code} ${reason.text}`} {...reason} />
            ))}
          </span>
        </div>
      ) : null}
      <Photos id={id} photos={listing.photoRows} removed={listing.removedPhotos} onChange={onChange} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter in its fields goes to the next one */}
      <div className="simple-form" onKeyDown={onKeyDown}>
        <div className="simple-asks">
          <Ask id="show-nameZh" label={t('simple.show.ask.nameZh')}>
            <Input
              id="show-nameZh"
              maxLength={listingLengths.nameZh}
              autoComplete="off"
              value={nameZh}
              onChange={(event) => change({ nameZh: event.target.value })}
            />
          </Ask>
          {text('nameEn')}
          <Ask id="show-origin" label={t('simple.show.ask.origin')}>
            <NamePicker
              id="show-origin"
              table="admin_division"
              value={body.origin}
              onChange={(origin) => change({ body: { ...body, origin } })}
            />
          </Ask>
          {text('village')}
          {text('variety')}
          {text('pack')}
          {text('descriptionZh')}
        </div>
      </div>
      {mine.length === 0 ? null : <p className="muted">{t('simple.show.missing', { parts: names(mine) })}</p>}
      {others.length === 0 ? null : <p className="muted">{t('simple.show.byBroker', { parts: names(others) })}</p>}
    </BigPage>
  );
}

/** As many refusals as are named; a card may hold hundreds of files that are no photos. */
const NAMED = 12;

function Photos({
  id,
  photos,
  removed,
  onChange,
}: {
  readonly id: number;
  readonly photos: Listing['photoRows'];
  readonly removed: Listing['removedPhotos'];
  readonly onChange: () => void;
}) {
  const { t } = useTranslation();
  const textOf = useErrorText();
  const { left, kept, refused, over, findings, take } = usePhotoIntake(id, onChange);
  const [isOver, setOver] = useState(false);
  const choose = async (isFolder: boolean): Promise<void> =>
    take(
      await chooseMany(
        t(isFolder ? 'simple.show.folder' : 'simple.show.files'),
        [{ name: t('listings.photos'), extensions: pictureFiles }],
        isFolder,
      ),
    );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the buttons inside are for the keyboard
    <div
      className={`simple-drop${isOver ? ' is-over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void droppedPhotos(event.dataTransfer, pictureFiles).then(take);
      }}
    >
      <div className="simple-begin">
        <Button id="show-files" type="primary" loading={left > 0} onClick={() => void choose(false)}>
          {left > 0 ? t('listings.photosLeft', { n: left }) : t('simple.show.files')}
        </Button>
        <Button id="show-folder" disabled={left > 0} onClick={() => void choose(true)}>
          {t('simple.show.folder')}
        </Button>
        <span className="muted">{t('simple.show.drop')}</span>
      </div>
      {left === 0 && kept > 0 ? <p role="status">{t('simple.show.added', { count: kept })}</p> : null}
      {refused.length + findings.length + over === 0 ? null : (
        <ul className="simple-refused" role="alert">
          {findings.slice(0, NAMED).map((one) => (
            <li key={JSON.stringify(one)}>{t(`listings.left.${one.code}`, { ...one })}</li>
          ))}
          {refused.slice(0, NAMED).map(({ name, error, why }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two folders may hold files of one name
            <li key={`${name} ${at}`}>
              {t('simple.show.refused', {
                name,
                why:
                  error !== undefined
                    ? textOf(error).what
                    : why === undefined
                      ? t('simple.show.notAPhoto')
                      : t(`listings.${why}`),
              })}
            </li>
          ))}
          {over > 0 ? <li>{t('listings.photosOver', { n: over })}</li> : null}
          {refused.length > NAMED ? <li>{t('simple.show.more', { count: refused.length - NAMED })}</li> : null}
        </ul>
      )}
      <div className="simple-photos">
        {photos.map((photo) => (
          <Shown key={photo.id} photoId={photo.id} name={photo.fileName} onChange={onChange} />
        ))}
      </div>
      {removed.length === 0 ? null : (
        <>
          <p className="muted">{t('listings.removedPhotos')}</p>
          <div className="simple-photos is-removed">
            {removed.map((photo) => (
              <Shown key={photo.id} photoId={photo.id} name={photo.fileName} isRemoved onChange={onChange} />
            ))}
          </div>
        </>
      )}
    </div>
  );
}

function Shown({
  photoId,
  name,
  isRemoved = false,
  onChange,
}: {
  readonly photoId: number;
  readonly name: string;
  readonly isRemoved?: boolean;
  readonly onChange: () => void;
}) {
  const { t } = useTranslation();
  const { url, error } = usePhotoUrl(photoId);
  const change = useCommand(isRemoved ? 'listings.restorePhoto' : 'listings.removePhoto');
  return (
    <figure>
      {url === undefined ? null : <img alt={name} decoding="async" src={url} />}
      <PlainError error={error ?? change.error} />
      <Button
        aria-label={t(isRemoved ? 'listings.putBackPhoto' : 'listings.removePhoto', { name })}
        loading={change.isRunning}
        onClick={async () => {
          if ((await change.run({ photoId })) !== undefined) onChange();
        }}
      >
        {t(isRemoved ? 'listings.putBack' : 'listings.takeOut')}
      </Button>
    </figure>
  );
}
