import Foundation
import Testing

@testable import Reports

@Suite("a report in a browser", .enabled(if: Chromium.path != nil, "Chromium is not installed"))
struct BrowserTests {
  @Test(
    "shows all its pictures at every width, in light and dark, and nothing is complained of",
    arguments: [false, true])
  func shows(isDark: Bool) throws {
    let (page, pictures) = try ReportFixture.page()
    let visit = try Chromium.visit(page, isDark: isDark)
    #expect(visit.complaints == [])
    #expect(visit.isDark == isDark)
    #expect(visit.views.map(\.width) == [400, 1600])
    for view in visit.views {
      #expect(view.overflow == 0, "at \(view.width) pixels")
      #expect(view.pictures == pictures && view.missing == 0)
      #expect(view.small == 0)
      let (paper, ink) = (view.background.reduce(0, +), view.text.reduce(0, +))
      #expect(isDark ? paper < 150 && ink > 550 : paper > 650 && ink < 200)
    }
  }

  /// What the other test would overlook, it could not find.
  @Test("what is wrong with a page is found")
  func finds() throws {
    let visit = try Chromium.visit(
      """
      <!DOCTYPE html><html><head><meta http-equiv="Content-Security-Policy" content="script-src 'none'">
      </head><body><div style="width:500px">wide</div><img src="data:image/png;base64,AAAA">
      <script>document.title = 'x'</script></body></html>
      """, isDark: false)
    #expect(!visit.complaints.isEmpty)
    #expect(visit.views[0].overflow > 0 && visit.views[1].overflow == 0)
    #expect(visit.views.allSatisfy { $0.pictures == 1 && $0.missing == 1 })
  }
}
