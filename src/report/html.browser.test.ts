import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { chromium, type Browser, type Page } from 'playwright-core';
import { htmlOf } from './html.ts';
import { sampleResult, sampleTimeline } from './testing/sample-run.ts';

const executablePath = '/usr/bin/chromium';
const args = [
  ...['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

describe('report.html in a browser', function () {
  this.timeout(60_000);
  let browser: Browser | undefined;
  let folder = '';
  let url = '';
  const complaints: string[] = [];
  const requests: string[] = [];

  before(async function () {
    if (!existsSync(executablePath)) {
      console.warn(`    SKIPPED: report.html is not opened, for there is no ${executablePath}`);
      this.skip();
    }
    folder = await mkdtemp(join(tmpdir(), 'holdfast-html-'));
    const file = join(folder, 'report.html');
    await writeFile(file, htmlOf(sampleResult(), sampleTimeline({ electedMs: 1840 })));
    url = pathToFileURL(file).href;
    browser = await chromium.launch({ executablePath, args });
  });

  after(async () => {
    await browser?.close();
    if (folder !== '') await rm(folder, { recursive: true });
  });

  const open = async (width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> => {
    const page = await browser!.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.setDefaultTimeout(5000);
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(url);
    return page;
  };

  it('shows every section, asks for nothing and complains of nothing', async () => {
    const page = await open(1280);
    for (const id of [
      'claims',
      'timeline',
      'steps',
      'evidence',
      'plan',
      'environment',
      'harness',
      'notes',
    ])
      expect(await page.locator(`#${id} h2`).isVisible(), id).to.equal(true);
    expect(complaints).to.deep.equal([]);
    expect(new Set(requests)).to.deep.equal(new Set([url]));
    await page.close();
  });

  it('is as wide as the window, also a narrow one', async () => {
    for (const width of [1280, 600, 360]) {
      const page = await open(width);
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(width);
      await page.close();
    }
  });

  it('zooms by buttons and by dragging, and back', async () => {
    const page = await open(1280);
    const viewBox = (): Promise<string | null> =>
      page.locator('.strip').first().getAttribute('viewBox');
    const whole = await viewBox();
    await page.getByRole('button', { name: 'Around the fault' }).press('Enter');
    expect(await viewBox()).to.equal('19301 0 15000 10');
    await page.locator('#drawing').scrollIntoViewIfNeeded();
    const box = (await page.locator('#drawing').boundingBox())!;
    const y = box.y + 100;
    await page.mouse.move(box.x + box.width * 0.2, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.4, y, { steps: 4 });
    await page.mouse.up();
    const [from = 0, , length = 0] = ((await viewBox()) ?? '').split(' ').map(Number);
    expect(from).to.be.closeTo(22_301, 30);
    expect(length).to.be.closeTo(3000, 30);
    await page.getByRole('button', { name: 'Whole run' }).click();
    expect(await viewBox()).to.equal(whole);
    expect(complaints).to.deep.equal([]);
    await page.close();
  });

  it('draws the same marks without its script as with it', async () => {
    const context = await browser!.newContext({
      javaScriptEnabled: false,
      viewport: { width: 1280, height: 900 },
    });
    const still = await context.newPage();
    await still.goto(url);
    const page = await open(1280);
    const left = async (page: Page, selector: string): Promise<readonly number[]> => {
      const all = await page.locator(selector).all();
      const boxes = await Promise.all(all.map((each) => each.boundingBox()));
      return boxes.map((box) => Math.round(box?.x ?? -1));
    };
    expect(await left(still, '.fault')).to.deep.equal(await left(page, '.fault'));
    expect(await still.locator('.axis text').count()).to.be.greaterThan(5);
    await context.close();
    await page.close();
  });
});
