import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { LockScreen } from './app/LockScreen.tsx';
import { startI18n } from './i18n/i18n.ts';
import { lockRootId } from './stores/lock-store.ts';
import { useView } from './stores/view-store.ts';
import './theme/desk.css';

startI18n(useView.getState().language);
const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App />);
const lock = document.getElementById(lockRootId);
if (lock !== null) createRoot(lock).render(<LockScreen />);
