/** What Playwright puts off for every test: a second list of features replaces the first one, so ours repeats it. */
const ofPlaywright = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'msForceBrowserSignIn',
  'msEdgeUpdateLaunchServicesPreferredVersion',
]

// A headless browser has a window with an address bar for each context, and the suggestions beneath it are two pages of
// Chromium's own: loading them costs as much as loading ours, and nobody sees them.
const ofTheWindow = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup']

/** How every test starts Chromium. */
export const chromiumFlags: readonly string[] = [`--disable-features=${[...ofPlaywright, ...ofTheWindow].join()}`]
