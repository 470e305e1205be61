/**
 * The search field of a list: searches as typed, after a short pause, and never with half a Chinese word that is still in
 * the input method (P-10). Ctrl+F comes here; Esc empties it.
 */
import { SearchOutlined } from '@ant-design/icons';
import { Input, type InputRef } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useKeys } from '../app/keys.ts';

/** Keys that follow each other faster than this are one search, begun when they pause; any other key is answered at once. */
const PAUSE_MS = 30;

export function SearchInput({
  value,
  onChange,
  placeholder,
  keyLabel,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder: string;
  readonly keyLabel: string;
}) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  const [isComposing, setComposing] = useState(false);
  const input = useRef<InputRef>(null);
  const latest = useRef(onChange);
  latest.current = onChange;
  const typedAt = useRef(0);
  /** What was searched for and has not come back as the value yet: typing has gone on meanwhile, and is kept. */
  const asked = useRef<readonly string[]>([]);
  if (seen !== value) {
    setSeen(value);
    // Changed from outside: filters cleared, a view opened.
    if (!asked.current.includes(value)) setText(value);
  }
  useEffect(() => {
    const at = asked.current.indexOf(value);
    asked.current = at < 0 ? [] : asked.current.slice(at + 1);
  }, [value]);
  useEffect(() => {
    if (isComposing || text.trim() === value) return;
    const now = performance.now();
    const pause = now - typedAt.current < PAUSE_MS ? PAUSE_MS : 0;
    typedAt.current = now;
    const timer = window.setTimeout(() => {
      asked.current = [...asked.current, text.trim()];
      latest.current(text.trim());
    }, pause);
    return () => window.clearTimeout(timer);
  }, [text, value, isComposing]);
  useKeys([{ key: 'Ctrl+F', label: keyLabel, run: () => input.current?.focus({ cursor: 'all' }) }]);
  return (
    <Input
      ref={input}
      className="search-input"
      aria-busy={text.trim() !== value}
      allowClear
      spellCheck={false}
      prefix={<SearchOutlined className="muted" />}
      placeholder={placeholder}
      aria-label={placeholder}
      value={text}
      onCompositionStart={() => setComposing(true)}
      onCompositionEnd={(event) => {
        setComposing(false);
        setText(event.currentTarget.value);
      }}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || text === '') return;
        event.preventDefault();
        setText('');
      }}
    />
  );
}
