import Tensors
import Testing

@testable import VAE

@Suite("the plane of two latents, and means")
struct ManifoldTests {
  @Test("the quantile of the normal distribution")
  func quantiles() {
    #expect(abs(LatentManifold.quantile(0.975) - 1.959_963_984_540_054) < 1e-12)
    #expect(abs(LatentManifold.quantile(0.001) + 3.090_232_306_167_813) < 1e-12)
    #expect(abs(LatentManifold.quantile(0.5)) < 1e-15)
    let corner = LatentManifold(columns: 4, rows: 2).vector(0)
    #expect(abs(corner[0] + 1.150_349) < 1e-5 && abs(corner[1] - 0.674_490) < 1e-5)
  }

  @Test func means() {
    var mean = RunningMean()
    for value in [1.0, 2, 3, 4] { mean.add(value) }
    #expect(mean.mean == 2.5)
    #expect(abs((mean.standardError ?? 0) - (5.0 / 3 / 4).squareRoot()) < 1e-12)
  }
}
