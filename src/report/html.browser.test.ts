import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { chromium, type Browser, type Page } from 'playwright-core';
import { htmlOf } from './html.ts';
import { sampleCampaign, sampleGameday } from './testing/sample-campaign.ts';
import { sampleLogs, sampleResult, sampleTimeline } from './testing/sample-run.ts';
import { trialsHtml } from './trials-html.ts';

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
  let urlOfTrials = '';
  let urlOfGameday = '';
  const complaints: string[] = [];
  const requests: string[] = [];

  before(async function () {
    if (!existsSync(executablePath)) {
      console.warn(`    SKIPPED: report.html is not opened, for there is no ${executablePath}`);
      this.skip();
    }
    folder = await mkdtemp(join(tmpdir(), 'holdfast-html-'));
    const write = async (name: string, page: string): Promise<string> => {
      const file = join(folder, name);
      await writeFile(file, page);
      return pathToFileURL(file).href;
    };
    const timeline = sampleTimeline({ electedMs: 1840 });
    url = await write('report.html', htmlOf(sampleResult(), timeline, sampleLogs()));
    const campaign = sampleCampaign(59, { nights: 12 });
    urlOfTrials = await write('campaign.html', trialsHtml(campaign.result, campaign.beside));
    const gameday = sampleGameday();
    urlOfGameday = await write('gameday.html', trialsHtml(gameday.result, gameday.beside));
    browser = await chromium.launch({ executablePath, args });
  });

  after(async () => {
    await browser?.close();
    if (folder !== '') await rm(folder, { recursive: true });
  });

  const open = async (
    width: number,
    { colorScheme = 'light', of = url }: { colorScheme?: 'light' | 'dark'; of?: string } = {},
  ): Promise<Page> => {
    const page = await browser!.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.setDefaultTimeout(5000);
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(of);
    return page;
  };

  it('shows every section, asks for nothing and complains of nothing', async () => {
    const page = await open(1280);
    for (const id of [
      'matrix',
      'clocks',
      'timeline',
      'steps',
      'logs',
      'availability',
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

  for (const [kind, of, colorScheme] of [
    ['a campaign', () => urlOfTrials, 'light'],
    ['a campaign', () => urlOfTrials, 'dark'],
    ['a game day', () => urlOfGameday, 'light'],
  ] as const)
    it(`shows every section of ${kind}, ${colorScheme}, asks for nothing and complains of nothing`, async () => {
      requests.length = 0;
      const page = await open(1280, { of: of(), colorScheme });
      for (const id of [
        'matrix',
        'distributions',
        'trials',
        'trend',
        'environment',
        'harness',
        'availability',
      ])
        expect(await page.locator(`#${id} h2`).isVisible(), id).to.equal(true);
      expect(complaints).to.deep.equal([]);
      expect(new Set(requests)).to.deep.equal(new Set([of()]));
      await page.close();
    });

  it('draws nothing of a campaign outside its drawing', async () => {
    const page = await open(1280, { of: urlOfTrials });
    const outside = await page.evaluate(`
      [...document.querySelectorAll('.plot .body')].flatMap((svg) => {
        const box = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('line, circle, rect, text')]
          .map((each) => each.getBoundingClientRect())
          .filter(({ left, right, top, bottom }) =>
            left < box.left - 8 || right > box.right + 8 || top < box.top - 2 || bottom > box.bottom + 2,
          );
      }).length`);
    expect(outside).to.equal(0);
    await page.close();
  });

  it('goes to a section and opens what is folded by keys alone', async () => {
    const page = await open(1280, { of: urlOfGameday });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).to.equal('#matrix');
    const fold = page.locator('details.scenario').first();
    await fold.locator('summary').first().focus();
    await page.keyboard.press('Enter');
    expect(await fold.getAttribute('open')).to.equal('');
    await page.close();
  });

  it('opens all that is folded before it is printed', async () => {
    const page = await open(1280, { of: urlOfGameday });
    await page.pdf();
    expect(await page.locator('details:not([open])').count()).to.equal(0);
    await page.close();
  });

  it('tells how long 59 trials take to open', async () => {
    const said: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      const page = await browser!.newPage({ viewport: { width: 1280, height: 900 } });
      const session = await page.context().newCDPSession(page);
      await session.send('Performance.enable', { timeDomain: 'threadTicks' });
      await page.goto(urlOfTrials);
      // From the start of loading to the first frame after everything is there.
      const ms = await page.evaluate(
        'new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))',
      );
      const { metrics } = await session.send('Performance.getMetrics');
      const busy = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
      expect(busy).to.be.above(0);
      said.push(`${Math.round(ms as number)} ms (${Math.round(busy * 1000)} ms of a processor)`);
      await page.close();
    }
    console.info(`      59 trials opened in ${said.join(', ')}`);
  });

  it('is as wide as the window, also a narrow one', async () => {
    for (const of of [url, urlOfTrials, urlOfGameday])
      for (const width of [1280, 600, 360]) {
        const page = await open(width, { of });
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
