/** Lots and trace (批次与溯源), quarantine readiness (检疫准备), cold chain (冷链). Conventions: see 0010. Mass: whole grams. */
export const sql = `
-- 产品: what is grown, with the band of temperature it travels in (hundredths of a degree Celsius).
CREATE TABLE farm_product (
  id INTEGER PRIMARY KEY,
  name_zh TEXT NOT NULL UNIQUE,
  name_en TEXT NOT NULL DEFAULT '',
  hs_code TEXT NOT NULL DEFAULT '',
  low_c100 INTEGER,
  high_c100 INTEGER,
  band_source TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK ((low_c100 IS NULL) = (high_c100 IS NULL)),
  CHECK (low_c100 <= high_c100)
) STRICT;

-- 基地 (orchard, pond, field) and 包装厂. Who owns it is a party of the book: what is personal of him stands there alone.
CREATE TABLE farm_site (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('orchard','pond','field','pack-house')),
  name TEXT NOT NULL UNIQUE,
  party_id INTEGER REFERENCES party (id),
  place TEXT NOT NULL DEFAULT '',
  area_m2 INTEGER CHECK (area_m2 > 0),
  latitude_e6 INTEGER CHECK (latitude_e6 BETWEEN -90000000 AND 90000000),
  longitude_e6 INTEGER CHECK (longitude_e6 BETWEEN -180000000 AND 180000000),
  note TEXT NOT NULL DEFAULT '',
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0,1)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CHECK ((latitude_e6 IS NULL) = (longitude_e6 IS NULL))
) STRICT;
CREATE INDEX farm_site_party ON farm_site (party_id);

-- 注册登记, 备案, 境外注册, 认证: for a product or (null) all, for a destination or (empty) none in particular.
CREATE TABLE site_registration (
  id INTEGER PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES farm_site (id),
  kind TEXT NOT NULL CHECK (kind IN ('registration','destination','certificate')),
  scheme TEXT NOT NULL DEFAULT '',
  number TEXT NOT NULL,
  product_id INTEGER REFERENCES farm_product (id),
  country TEXT NOT NULL DEFAULT '',
  from_on TEXT NOT NULL,
  until_on TEXT,
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  CHECK (until_on IS NULL OR from_on <= until_on)
) STRICT;
CREATE INDEX site_registration_site ON site_registration (site_id);
CREATE INDEX site_registration_end ON site_registration (until_on) WHERE until_on IS NOT NULL;

-- 投入品: with the waiting period (安全间隔期, 休药期) in days; null: not known. Its source is the label or an order, as the user says.
CREATE TABLE site_treatment (
  id INTEGER PRIMARY KEY,
  site_id INTEGER NOT NULL REFERENCES farm_site (id),
  on_date TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('pesticide','fertiliser','medicine','feed','other')),
  name TEXT NOT NULL,
  -- 农药登记证号, 兽药批准文号.
  licence_no TEXT NOT NULL DEFAULT '',
  dose TEXT NOT NULL DEFAULT '',
  waiting_days INTEGER CHECK (waiting_days BETWEEN 0 AND 1000),
  source TEXT NOT NULL DEFAULT '',
  operator TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX site_treatment_site ON site_treatment (site_id, on_date);

-- 批次 --------------------------------------------------------------------------------------------------------------------
-- A step makes lots of lots: split, merge, processing. What it lost is what went in less what came out.
CREATE TABLE lot_step (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('split','merge','process')),
  on_date TEXT NOT NULL,
  site_id INTEGER REFERENCES farm_site (id),
  -- Why more came out than went in (镀冰衣, 复水).
  reason TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL
) STRICT;
CREATE TABLE lot (
  id INTEGER PRIMARY KEY,
  -- 溯源码, with its check character.
  code TEXT NOT NULL UNIQUE,
  product_id INTEGER NOT NULL REFERENCES farm_product (id),
  variety TEXT NOT NULL DEFAULT '',
  grade TEXT NOT NULL DEFAULT '',
  mass_g INTEGER NOT NULL CHECK (mass_g > 0),
  -- Neither gone into another lot nor in cartons.
  free_g INTEGER NOT NULL CHECK (free_g >= 0 AND free_g <= mass_g),
  made_on TEXT NOT NULL,
  -- A harvest has its orchard or pond, any other lot the step that made it: no lot is without an origin.
  site_id INTEGER REFERENCES farm_site (id),
  step_id INTEGER REFERENCES lot_step (id),
  note TEXT NOT NULL DEFAULT '',
  held_at TEXT,
  hold_reason TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  CHECK ((site_id IS NULL) <> (step_id IS NULL))
) STRICT;
CREATE INDEX lot_step_of ON lot (step_id) WHERE step_id IS NOT NULL;
CREATE INDEX lot_site ON lot (site_id, made_on) WHERE site_id IS NOT NULL;
CREATE INDEX lot_made ON lot (made_on, id);
CREATE INDEX lot_product ON lot (product_id);
CREATE INDEX lot_held ON lot (id) WHERE held_at IS NOT NULL;
CREATE TABLE lot_input (
  step_id INTEGER NOT NULL REFERENCES lot_step (id),
  lot_id INTEGER NOT NULL REFERENCES lot (id),
  mass_g INTEGER NOT NULL CHECK (mass_g > 0),
  PRIMARY KEY (step_id, lot_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX lot_input_lot ON lot_input (lot_id, step_id);
-- Inputs first, then what came of them: the tree has neither a loop nor a lot from nowhere.
CREATE TRIGGER lot_input_first BEFORE INSERT ON lot_input WHEN EXISTS (SELECT 1 FROM lot WHERE step_id = NEW.step_id)
BEGIN SELECT RAISE(ABORT, 'what a step took is fixed once lots came of it'); END;
CREATE TRIGGER lot_origin BEFORE INSERT ON lot
  WHEN NEW.step_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM lot_input WHERE step_id = NEW.step_id)
BEGIN SELECT RAISE(ABORT, 'a lot without an origin'); END;
CREATE TRIGGER lot_balance AFTER INSERT ON lot
  WHEN NEW.step_id IS NOT NULL AND (SELECT reason FROM lot_step WHERE id = NEW.step_id) = ''
    AND (SELECT sum(mass_g) FROM lot WHERE step_id = NEW.step_id) > (SELECT sum(mass_g) FROM lot_input WHERE step_id = NEW.step_id)
BEGIN SELECT RAISE(ABORT, 'a step gave more than it took'); END;
CREATE TRIGGER lot_fixed BEFORE UPDATE OF code, product_id, mass_g, made_on, site_id, step_id ON lot
BEGIN SELECT RAISE(ABORT, 'a lot stays what it was made'); END;
CREATE TRIGGER lot_input_taken AFTER INSERT ON lot_input
BEGIN UPDATE lot SET free_g = free_g - NEW.mass_g WHERE id = NEW.lot_id; END;
CREATE TRIGGER lot_input_given_back AFTER DELETE ON lot_input
BEGIN UPDATE lot SET free_g = free_g + OLD.mass_g WHERE id = OLD.lot_id; END;

-- What happened to a lot besides: pre-cooling, storing, sampling, handing over, destroying.
CREATE TABLE lot_event (
  id INTEGER PRIMARY KEY,
  lot_id INTEGER NOT NULL REFERENCES lot (id),
  at TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('precooled','stored','sampled','inspected','loaded','handed','delivered','destroyed','other')),
  place TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX lot_event_lot ON lot_event (lot_id, at);

-- 发运: lots in cartons on their way to a buyer, with what quarantine asks for. The shipment and declaration of the book are named where there are.
CREATE TABLE dispatch (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  on_date TEXT NOT NULL,
  country TEXT NOT NULL,
  party_id INTEGER REFERENCES party (id),
  shipment_id INTEGER REFERENCES shipment (id),
  declaration_no TEXT NOT NULL DEFAULT '',
  transport TEXT NOT NULL DEFAULT '',
  container_no TEXT NOT NULL DEFAULT '',
  seal_no TEXT NOT NULL DEFAULT '',
  -- 出境货物检验检疫申请: number, place, day wished for, text of the request.
  inspection_no TEXT NOT NULL DEFAULT '',
  inspection_place TEXT NOT NULL DEFAULT '',
  inspection_on TEXT,
  certificate_no TEXT NOT NULL DEFAULT '',
  certificate_on TEXT,
  additional_declaration TEXT NOT NULL DEFAULT '',
  cold_treatment TEXT NOT NULL DEFAULT '',
  loaded_at TEXT,
  arrived_at TEXT,
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX dispatch_day ON dispatch (on_date, id);
CREATE INDEX dispatch_shipment ON dispatch (shipment_id) WHERE shipment_id IS NOT NULL;
CREATE INDEX dispatch_declaration ON dispatch (declaration_no) WHERE declaration_no <> '';

-- 箱: a range of numbers or a single one of a lot, at home (null) or on a dispatch.
CREATE TABLE lot_carton (
  id INTEGER PRIMARY KEY,
  lot_id INTEGER NOT NULL REFERENCES lot (id),
  prefix TEXT NOT NULL,
  digits INTEGER NOT NULL CHECK (digits BETWEEN 1 AND 9),
  first_no INTEGER NOT NULL CHECK (first_no >= 0),
  last_no INTEGER NOT NULL,
  net_g INTEGER NOT NULL CHECK (net_g > 0),
  dispatch_id INTEGER REFERENCES dispatch (id),
  CHECK (first_no <= last_no)
) STRICT;
CREATE UNIQUE INDEX lot_carton_number ON lot_carton (prefix, first_no);
CREATE INDEX lot_carton_lot ON lot_carton (lot_id);
CREATE INDEX lot_carton_dispatch ON lot_carton (dispatch_id) WHERE dispatch_id IS NOT NULL;
-- No two ranges share a number: the one that begins last before or at the end of another must end before it begins.
${['INSERT', 'UPDATE OF prefix, first_no, last_no']
  .map(
    (event, at) => `
CREATE TRIGGER lot_carton_twice_${at} BEFORE ${event} ON lot_carton
  WHEN (SELECT last_no FROM lot_carton WHERE prefix = NEW.prefix AND first_no <= NEW.last_no AND id <> ${at === 0 ? '-1' : 'OLD.id'} ORDER BY first_no DESC LIMIT 1) >= NEW.first_no
BEGIN SELECT RAISE(ABORT, 'a carton number is taken'); END;`,
  )
  .join('')}
CREATE TRIGGER lot_carton_packed AFTER INSERT ON lot_carton
BEGIN UPDATE lot SET free_g = free_g - (NEW.last_no - NEW.first_no + 1) * NEW.net_g WHERE id = NEW.lot_id; END;
CREATE TRIGGER lot_carton_unpacked AFTER DELETE ON lot_carton
BEGIN UPDATE lot SET free_g = free_g + (OLD.last_no - OLD.first_no + 1) * OLD.net_g WHERE id = OLD.lot_id; END;
CREATE TRIGGER lot_carton_cut AFTER UPDATE OF first_no, last_no, net_g ON lot_carton
BEGIN
  UPDATE lot SET free_g = free_g + (OLD.last_no - OLD.first_no + 1) * OLD.net_g - (NEW.last_no - NEW.first_no + 1) * NEW.net_g
    WHERE id = NEW.lot_id;
END;

-- Why somebody went on where something stood against it; never changed.
CREATE TABLE lot_reason (
  id INTEGER PRIMARY KEY,
  lot_id INTEGER NOT NULL REFERENCES lot (id),
  dispatch_id INTEGER REFERENCES dispatch (id),
  code TEXT NOT NULL,
  params TEXT NOT NULL CHECK (json_valid(params)),
  reason TEXT NOT NULL,
  who TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX lot_reason_lot ON lot_reason (lot_id);
CREATE INDEX lot_reason_dispatch ON lot_reason (dispatch_id) WHERE dispatch_id IS NOT NULL;
CREATE TRIGGER lot_reason_kept BEFORE UPDATE ON lot_reason BEGIN SELECT RAISE(ABORT, 'a reason stays as it was given'); END;

-- 检测报告 and limits (残留限量), in millionths of mg/kg. A value null: not found (未检出).
CREATE TABLE lab_report (
  id INTEGER PRIMARY KEY,
  lot_id INTEGER NOT NULL REFERENCES lot (id),
  number TEXT NOT NULL,
  laboratory TEXT NOT NULL DEFAULT '',
  sampled_on TEXT,
  issued_on TEXT NOT NULL,
  result TEXT NOT NULL CHECK (result IN ('pass','fail','open')),
  created_at TEXT NOT NULL,
  UNIQUE (lot_id, number)
) STRICT;
CREATE TABLE lab_result (
  report_id INTEGER NOT NULL REFERENCES lab_report (id) ON DELETE CASCADE,
  substance TEXT NOT NULL COLLATE NOCASE,
  value_e6 INTEGER CHECK (value_e6 >= 0),
  PRIMARY KEY (report_id, substance)
) STRICT, WITHOUT ROWID;
CREATE TABLE residue_limit (
  id INTEGER PRIMARY KEY,
  country TEXT NOT NULL,
  product_id INTEGER NOT NULL REFERENCES farm_product (id),
  substance TEXT NOT NULL COLLATE NOCASE,
  limit_e6 INTEGER NOT NULL CHECK (limit_e6 >= 0),
  from_on TEXT NOT NULL,
  until_on TEXT,
  source TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (country, product_id, substance, from_on),
  CHECK (until_on IS NULL OR from_on <= until_on)
) STRICT;

-- What customs said when somebody asked, by product and destination; the last answer before a day holds. JSON of what is asked for.
CREATE TABLE access_answer (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES farm_product (id),
  country TEXT NOT NULL,
  asked_on TEXT NOT NULL,
  source TEXT NOT NULL,
  answer TEXT NOT NULL CHECK (json_valid(answer)),
  note TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  UNIQUE (product_id, country, asked_on)
) STRICT;

-- 温度记录 ---------------------------------------------------------------------------------------------------------------
CREATE TABLE cold_log (
  id INTEGER PRIMARY KEY,
  dispatch_id INTEGER NOT NULL REFERENCES dispatch (id),
  product_id INTEGER NOT NULL REFERENCES farm_product (id),
  logger TEXT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  low_c100 INTEGER NOT NULL,
  high_c100 INTEGER NOT NULL,
  -- Rows that held no reading: JSON of row and reason.
  failed TEXT NOT NULL CHECK (json_valid(failed)),
  created_at TEXT NOT NULL,
  UNIQUE (dispatch_id, sha256)
) STRICT;
-- In the order of the file: what is said of a clock depends on it.
CREATE TABLE cold_reading (
  log_id INTEGER NOT NULL REFERENCES cold_log (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  at INTEGER NOT NULL,
  c100 INTEGER NOT NULL,
  PRIMARY KEY (log_id, position)
) STRICT, WITHOUT ROWID;
`;
