package dev.headroom.insight;

import dev.headroom.testkit.house.HouseTest;

class HouseInsightTest extends HouseTest {}
