import { createRoot } from 'react-dom/client';

function App() {
  return <h1>VPC endpoints</h1>;
}

const place = document.getElementById('app');
if (place !== null) createRoot(place).render(<App />);
