/**
 * Choosing a file: `DropZone` takes a dropped file or opens the dialog; `FilePicker` is the button alone; `chooseSave` asks
 * where to write. The window gets a token, a name and a size, never a path.
 */
import { FileAddOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChosenFiles, FileFilter, GrantedFile } from '../../shared/contract/bridge.ts';

export interface FileChoice {
  /** What the file is for: the title of the dialog. */
  readonly purpose: string;
  readonly filters?: readonly FileFilter[];
  readonly onFile: (file: GrantedFile) => void;
}

function options(
  purpose: string,
  filters: readonly FileFilter[] | undefined,
): { purpose: string; filters?: readonly FileFilter[] } {
  return filters === undefined ? { purpose } : { purpose, filters };
}

/** Asks where to write a file; null when the user closes the dialog. */
export function chooseSave(
  purpose: string,
  defaultName: string,
  filters?: readonly FileFilter[],
): Promise<GrantedFile | null> {
  return window.portbook.chooseSaveFile({ ...options(purpose, filters), defaultName });
}

export async function chooseOpen(purpose: string, filters?: readonly FileFilter[]): Promise<GrantedFile | null> {
  return window.portbook.chooseFile(options(purpose, filters));
}

/** Many at a time, or with `isFolder` all of one folder; none when the user closes the dialog. */
export function chooseMany(purpose: string, filters: readonly FileFilter[], isFolder = false): Promise<ChosenFiles> {
  return window.portbook.chooseFiles({ purpose, filters, isFolder });
}

export function FilePicker({ purpose, filters, onFile, label }: FileChoice & { readonly label?: string }) {
  const { t } = useTranslation();
  const choose = async (): Promise<void> => {
    const file = await chooseOpen(purpose, filters);
    if (file !== null) onFile(file);
  };
  return (
    <Button icon={<FileAddOutlined />} onClick={() => void choose()}>
      {label ?? t('common.chooseFile')}
    </Button>
  );
}

export function DropZone({
  purpose,
  filters,
  onFile,
  onFiles,
  title,
  hint,
}: FileChoice & {
  readonly title: string;
  readonly hint?: string;
  /** All of what was dropped at once; left out, the first alone is taken. */
  readonly onFiles?: (files: readonly GrantedFile[]) => void;
}) {
  const { t } = useTranslation();
  const [isOver, setOver] = useState(false);
  const [isRefused, setRefused] = useState(false);
  const drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault();
    setOver(false);
    const dropped = [...event.dataTransfer.files].slice(0, onFiles === undefined ? 1 : undefined);
    const granted = await Promise.all(dropped.map((one) => window.portbook.grantDroppedFile(one)));
    const files = granted.filter((one) => one !== null);
    setRefused(files.length === 0);
    const [first] = files;
    if (first === undefined) return;
    if (onFiles === undefined) onFile(first);
    else onFiles(files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button inside is for the keyboard
    <div
      className={isOver ? 'drop-zone is-over' : 'drop-zone'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void drop(event)}
    >
      <strong>{title}</strong>
      {hint === undefined ? null : <p>{hint}</p>}
      <FilePicker purpose={purpose} onFile={onFile} {...(filters === undefined ? {} : { filters })} />
      {isRefused ? <p className="field-error">{t('common.notAFile')}</p> : null}
    </div>
  );
}
