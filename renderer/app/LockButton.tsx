import { LockOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lockScreen } from '../stores/lock-store.ts';
import { useCommandKey } from './keys.ts';

/** Locks the screen; its name and key are its hint. */
export function LockButton() {
  const { key, label } = useCommandKey()('desk.lock');
  return (
    <Button
      type="text"
      icon={<LockOutlined />}
      aria-label={label}
      aria-keyshortcuts={key}
      title={`${label} ${key}`}
      onClick={() => void lockScreen()}
    />
  );
}
