import Checkpoints
import Datasets
import Testing

@testable import VAE

@Suite struct TrainingRecipeTests {
  typealias Extents = PictureSurvey.Extents

  private func survey(
    _ width: Int, _ height: Int, count: Int = 4000, isOfOneSize: Bool = true,
    isColored: Bool = true, extremes: Double = 0.3, equal: Double = 0.1
  ) -> PictureSurvey {
    PictureSurvey(
      count: count, commonest: Extents(width: width, height: height), isOfOneSize: isOfOneSize,
      median: Extents(width: width, height: height), isColored: isColored, isTransparent: false,
      extremeShare: extremes, equalShare: equal)
  }

  private func recipe(
    _ survey: PictureSurvey, seconds: Double? = nil, threads: Int = 2
  ) -> TrainingRecipe {
    var wishes = TrainingRecipe.Wishes()
    wishes.seconds = seconds
    wishes.threads = threads
    return TrainingRecipe(survey, wishes)
  }

  @Test func digits() {
    let recipe = recipe(survey(28, 28, count: 60_000, isColored: false, extremes: 0.9, equal: 0.8))
    #expect(recipe.preset == .deep && recipe.size == nil && recipe.channels == 1)
    #expect(recipe.likelihood == .bernoulli && !recipe.flips)
    #expect(recipe.seconds == 1200)
  }

  @Test func icons() {
    let icons = survey(128, 128, extremes: 0.6, equal: 0.7)
    let recipe = recipe(icons)
    #expect(recipe.preset == .deep && recipe.size == Extents(width: 64, height: 64))
    #expect(recipe.likelihood.components == 3 && !recipe.flips && recipe.channels == 3)
    // More time is for larger pictures, less for smaller ones.
    #expect(self.recipe(icons, seconds: 7200).size == nil)
    #expect(self.recipe(icons, seconds: 300).size == Extents(width: 32, height: 32))
    #expect(self.recipe(icons, seconds: 1).size == Extents(width: 32, height: 32))
  }

  @Test func photographs() {
    let large = recipe(survey(1024, 768, isOfOneSize: false))
    #expect(large.preset == .photograph && large.size == nil && large.patience == nil)
    let drawn = recipe(survey(1024, 768, isOfOneSize: false, equal: 0.8))
    #expect(drawn.preset == .deep)
    #expect(drawn.size.map { max($0.width, $0.height) <= 256 } == true)
    let small = recipe(survey(60, 44))
    #expect(small.preset == .deep && small.flips)
  }

  @Test func mixedSizesBecomeOne() {
    // Nearly square ones a square, others of their proportions, in multiples of 8.
    #expect(
      recipe(survey(50, 47, isOfOneSize: false)).size == Extents(width: 48, height: 48))
    #expect(recipe(survey(90, 44, isOfOneSize: false)).size == Extents(width: 88, height: 48))
  }

  /// What the user settled is kept, and what follows from it goes with it.
  @Test func wishesGoFirst() {
    var wishes = TrainingRecipe.Wishes()
    wishes.preset = .deep
    wishes.size = Extents(width: 96, height: 80)
    wishes.channels = 1
    wishes.isBinarized = true
    wishes.seconds = 60
    let recipe = TrainingRecipe(survey(1024, 768), wishes)
    #expect(recipe.preset == .deep && recipe.size == wishes.size && recipe.channels == 1)
    #expect(recipe.likelihood == .bernoulli && recipe.seconds == 60)
  }

  @Test func fewPicturesHaveSmallBatches() {
    #expect(recipe(survey(28, 28, count: 8)).batchSize == 4)
    #expect(recipe(survey(28, 28, count: 8)).patience == nil)
    let faces = recipe(survey(64, 64, count: 200))
    #expect(faces.batchSize == 10)
    #expect(faces.patience.map { $0 * 20 >= 2000 } == true)
  }

  @Test(arguments: [(28, 28, true), (128, 100, true), (1000, 800, false)])
  func survivesJSON(width: Int, height: Int, isOfOneSize: Bool) throws {
    let recipe = recipe(survey(width, height, isOfOneSize: isOfOneSize))
    let text = recipe.json.description
    #expect(try TrainingRecipe(json: JSONValue(parsing: text)) == recipe)
    let damaged = text.replacing(#""batch_size":"#, with: #""batch_size":-"#)
    #expect(throws: ConfigurationError.self) {
      try TrainingRecipe(json: JSONValue(parsing: damaged))
    }
  }
}
